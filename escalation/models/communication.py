"""What was told to whom (R35, R36): an update to an audience, and a row for each person whom it goes to."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.enums import Audience, NoticeState, Purpose, Trend
from escalation.models.escalation import Escalation
from escalation.models.update_templates import UpdateTemplate
from escalation.querysets import CommunicationQuerySet, NoticeQuerySet
from tickets.models import Ticket


class Communication(models.Model):
    """One update to one audience (R35, R36).

    `body` is read by everybody in whose language `texts` holds nothing; `texts` is by language, each with `subject`
    and `body`. `languages` counts the people by language, as they were when it was sent.
    """

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="communications")
    audience = models.CharField(_("audience"), max_length=12, choices=Audience.choices)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices, default=Purpose.UPDATE)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"))
    texts = models.JSONField(_("texts by language"), default=dict)
    template = models.ForeignKey(UpdateTemplate, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    next_update_by = models.DateTimeField(_("next update by"), null=True, blank=True)
    trend = models.CharField(_("trend"), max_length=9, choices=Trend.choices, blank=True)
    is_last = models.BooleanField(_("says that no other follows"), default=False)
    recipients = models.PositiveIntegerField(default=0)
    languages = models.JSONField(_("people by language"), default=dict)
    # Those who read a service's status by mail and have a greater key are still to be told; empty: nobody is.
    subscribers_from = models.BigIntegerField(null=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    # What a form carries: pressed twice, it is one update.
    key = models.CharField(max_length=36, null=True, blank=True, unique=True)

    objects: ClassVar[CommunicationQuerySet] = CommunicationQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(
                fields=["at"], condition=models.Q(subscribers_from__isnull=False), name="communication_to_subscribers"
            )
        ]

    def __str__(self) -> str:
        return f"{self.escalation} to {self.audience}"


class Notice(models.Model):
    """An update and one person whom it goes to: once, by constraint, whatever crashes and however many send.

    Written all at once with the update and sent by turns; how many wait is how far it is.
    """

    communication = models.ForeignKey(Communication, on_delete=models.CASCADE, related_name="notices")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # The person's own, on which it is a public reply; without one it is a mail alone.
    ticket = models.ForeignKey(Ticket, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(_("state"), max_length=11, choices=NoticeState.choices, default=NoticeState.WAITING)
    next_try_at = models.DateTimeField(_("next try"))
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects: ClassVar[NoticeQuerySet] = NoticeQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["communication", "person"], name="notice_once")]
        indexes = [models.Index(fields=["next_try_at"], condition=models.Q(state="waiting"), name="notice_waiting")]

    def __str__(self) -> str:
        return f"{self.communication}: {self.person}"
