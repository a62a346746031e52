from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.enums import Channel
from tickets.models.ticket import Ticket
from tickets.querysets import MessageQuerySet


class Message(models.Model):
    """What somebody wrote on a ticket: to the customer or, as an internal note, to colleagues only."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="messages")
    is_public = models.BooleanField(_("public"), default=True)
    by_customer = models.BooleanField(_("written by the customer"), default=False)
    body = models.TextField(_("text"))
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    created_at = models.DateTimeField(_("at"))
    next_update_by = models.DateTimeField(_("next update by"), null=True, blank=True)
    # Of ours: a rule's word. Of a customer: a program's, or one that wants no answer of a program (RFC 3834).
    is_automatic = models.BooleanField(_("automatic"), default=False)
    # The customer's own word on a reply of ours; empty as long as he says nothing.
    has_helped = models.BooleanField(_("has helped"), null=True, editable=False)
    external_id = models.CharField(_("Message-ID"), max_length=400, blank=True)

    objects: ClassVar[MessageQuerySet] = MessageQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["ticket", "created_at"], name="message_by_ticket")]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M} {self.author}"


class StoredFile(models.Model):
    """A file from outside. Its type comes from its bytes, its stored name is random."""

    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64)
    stored = models.FileField(upload_to="%Y/%m", max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Attachment(StoredFile):
    """A file on a message."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")


class Mention(models.Model):
    """Somebody was named with an @ in an internal note; unread until he opens the ticket."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions")
    at = models.DateTimeField(_("at"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="mention_once")]
        indexes = [models.Index(fields=["user"], condition=models.Q(read_at=None), name="mention_unread")]

    def __str__(self) -> str:
        return f"@{self.user} on #{self.message.ticket_id}"
