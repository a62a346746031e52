from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mailroom.enums import Afterwards, IntakeState, Proof, Security, Way
from mailroom.querysets import MailboxQuerySet, RawMessageQuerySet


class Mailbox(models.Model):
    """An address of the desk, and how its mail comes: fetched from an IMAP server, or handed over at our own door."""

    address = models.EmailField(_("address"), unique=True)
    way = models.CharField(_("how its mail comes"), max_length=8, choices=Way.choices, default=Way.IMAP)
    team = models.ForeignKey("people.Team", null=True, blank=True, on_delete=models.SET_NULL, related_name="mailboxes")
    host = models.CharField(_("server"), max_length=253, blank=True)
    port = models.PositiveIntegerField(_("port"), default=993)
    security = models.CharField(_("encryption"), max_length=8, choices=Security.choices, default=Security.TLS)
    username = models.CharField(_("user name"), max_length=254, blank=True)
    proof = models.CharField(_("signs in with"), max_length=8, choices=Proof.choices, default=Proof.PASSWORD)
    # The secret itself stays in the environment: neither the database nor a backup of it can give it away.
    secret_name = models.CharField(_("name of its secret"), max_length=40, blank=True)
    folder = models.CharField(_("folder"), max_length=200, default="INBOX", blank=True)
    afterwards = models.CharField(
        _("what becomes of a mail that is taken"), max_length=8, choices=Afterwards.choices, default=Afterwards.SEEN
    )
    move_to = models.CharField(_("folder to move to"), max_length=200, blank=True)
    is_paused = models.BooleanField(_("paused"), default=False)
    changed_at = models.DateTimeField(_("changed"))
    # What the fetcher knows of it.
    fetched_at = models.DateTimeField(_("last looked into"), null=True, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    uidvalidity = models.BigIntegerField(null=True, blank=True)
    last_uid = models.BigIntegerField(default=0)
    # Whether what cannot be delivered comes back here: tried since, and seen to work since.
    returns_asked_at = models.DateTimeField(_("return addresses tried"), null=True, blank=True)
    returns_since = models.DateTimeField(_("return addresses used since"), null=True, blank=True)

    objects: ClassVar[MailboxQuerySet] = MailboxQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["address"]
        verbose_name_plural = "mailboxes"

    def __str__(self) -> str:
        return self.address


class RawMessage(models.Model):
    """A mail as it came, kept before anything is read of it (DESIGN §3.8)."""

    States: ClassVar[type[IntakeState]] = IntakeState

    raw = models.BinaryField(_("bytes"))
    size = models.PositiveIntegerField(_("size"), default=0)
    mailbox = models.ForeignKey(Mailbox, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # Its place in that mailbox, where it was fetched from one.
    uidvalidity = models.BigIntegerField(null=True, blank=True)
    uid = models.BigIntegerField(null=True, blank=True)
    digest = models.CharField(_("SHA-256"), max_length=64)
    message_id = models.CharField(_("Message-ID"), max_length=400, blank=True)
    sender = models.CharField(_("sender"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=IntakeState.choices, default=IntakeState.RECEIVED)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    ticket_number = models.BigIntegerField(_("ticket"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"))
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)

    objects: ClassVar[RawMessageQuerySet] = RawMessageQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["message_id", "digest"], name="rawmessage_once"),
            models.UniqueConstraint(
                fields=["mailbox", "uidvalidity", "uid"],
                condition=models.Q(uid__isnull=False),
                name="rawmessage_one_place",
            ),
        ]
        indexes = [
            models.Index(fields=["sender", "received_at"], name="rawmessage_by_sender"),
            models.Index(fields=["next_try_at"], condition=models.Q(state="received"), name="rawmessage_pending"),
            models.Index(
                fields=["-received_at", "-id"], condition=models.Q(state="quarantined"), name="rawmessage_quarantined"
            ),
            models.Index(
                fields=["-handled_at"], condition=models.Q(handled_at__isnull=False), name="rawmessage_handled"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sender}: {self.subject}"


class BlockedSender(models.Model):
    """Mail from this address, or from this domain when it begins with “@”, is dropped without an answer; it is kept."""

    pattern = models.CharField(_("address or @domain"), max_length=254, unique=True)
    blocked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    blocked_at = models.DateTimeField(_("since"))

    class Meta:
        ordering = ["pattern"]

    def __str__(self) -> str:
        return self.pattern
