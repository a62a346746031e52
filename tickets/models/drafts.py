from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.enums import DraftKind
from tickets.models.conversation import Message, StoredFile
from tickets.models.ticket import Ticket
from tickets.querysets import DraftQuerySet


class Draft(models.Model):
    """What an agent is writing on a ticket, kept on the server while he writes.

    With `send_at` it is a reply on its way: written, and sent at that moment unless its author takes it back.
    `seen_message` is the newest message that he had read when he began, so that a reply that crosses another is seen.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(_("kind"), max_length=5, choices=DraftKind.choices, default=DraftKind.REPLY)
    body = models.TextField(_("text"), blank=True)
    seen_message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    updated_at = models.DateTimeField(_("saved"))
    send_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    queued_at = models.DateTimeField(_("written"), null=True, blank=True)
    then = models.CharField(_("and then"), max_length=8, blank=True)
    next_update_by = models.DateTimeField(_("next update by"), null=True, blank=True)
    failure = models.CharField(_("why it was not sent"), max_length=300, blank=True)

    objects: ClassVar[DraftQuerySet] = DraftQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "author", "kind"], condition=models.Q(send_at=None), name="draft_one_being_written"
            )
        ]
        indexes = [models.Index(fields=["send_at"], condition=models.Q(send_at__isnull=False), name="draft_to_send")]

    def __str__(self) -> str:
        return f"{self.author} on #{self.ticket_id}"


class DraftFile(StoredFile):
    """A file that was dropped onto a draft; it becomes an attachment when the draft is sent."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")


class Presence(models.Model):
    """Who has a ticket open, and whether he writes; a row older than half a minute means nobody."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    writing = models.CharField(_("writing"), max_length=5, choices=DraftKind.choices, blank=True)
    seen_at = models.DateTimeField(_("seen"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="presence_once")]
        indexes = [models.Index(fields=["seen_at"], name="presence_by_time")]

    def __str__(self) -> str:
        return f"{self.user} at #{self.ticket_id}"
