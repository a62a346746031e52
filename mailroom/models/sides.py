from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mailroom.verdicts import Nature, Trust
from tickets.models import Ticket
from tickets.models.conversation import StoredFile


class SideConversation(models.Model):
    """What is written with a third party about a ticket. Never the customer's to see (R62, DESIGN §3.12)."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="sides")
    subject = models.CharField(_("subject"), max_length=200)
    address = models.CharField(_("with"), max_length=254)
    name = models.CharField(_("name"), max_length=120, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField(_("since"))
    last_at = models.DateTimeField(_("last word"))
    is_answered = models.BooleanField(_("theirs is the last word"), default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-last_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.address}: {self.subject}"

    @property
    def who(self) -> str:
        return self.name or self.address


class SideMessage(models.Model):
    """One letter of it: an agent's, or the third party's."""

    conversation = models.ForeignKey(SideConversation, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_them = models.BooleanField(_("written by the third party"), default=False)
    nature = models.CharField(_("what it is"), max_length=8, choices=Nature.choices, default=Nature.LETTER)
    trust = models.CharField(_("who vouches for its sender"), max_length=10, choices=Trust.choices, blank=True)
    body = models.TextField(_("text"))
    created_at = models.DateTimeField(_("at"))
    external_id = models.CharField(_("Message-ID"), max_length=400, blank=True)
    undelivered = models.CharField(_("why it did not arrive"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M} {self.conversation}"


class SideFile(StoredFile):
    """A file on a letter of a side conversation."""

    message = models.ForeignKey(SideMessage, on_delete=models.CASCADE, related_name="files")
