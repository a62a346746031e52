from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mailroom.querysets import RawMessageQuerySet


class IntakeState(models.TextChoices):
    RECEIVED = "received", _("Received")
    FILED = "filed", _("Filed on a ticket")
    QUARANTINED = "quarantined", _("Quarantined")
    DROPPED = "dropped", _("Dropped")


class RawMessage(models.Model):
    """A mail as it came, kept before anything is read of it (DESIGN §3.8)."""

    States: ClassVar[type[IntakeState]] = IntakeState

    raw = models.BinaryField(_("bytes"))
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

    objects: ClassVar[RawMessageQuerySet] = RawMessageQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["-received_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["message_id", "digest"], name="rawmessage_once")]
        indexes = [
            models.Index(fields=["sender", "received_at"], name="rawmessage_by_sender"),
            models.Index(fields=["next_try_at"], condition=models.Q(state="received"), name="rawmessage_pending"),
            models.Index(
                fields=["-received_at"], condition=models.Q(state="quarantined"), name="rawmessage_quarantined"
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
