"""The contract by which a ticket goes to another team (R1, R42)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.models.escalation import Escalation
from escalation.querysets import HandOffQuerySet
from people.models import Team
from tickets.models import Attachment, Message, Ticket


class HandOff(models.Model):
    """One for each functional escalation: who gave what to which team, and what became of it.

    It waits until the receiving team accepts it or returns it with a reason, or until its escalation ends before
    either. What was accepted may still be returned while nobody works on its solution.
    """

    escalation = models.OneToOneField(Escalation, on_delete=models.CASCADE, related_name="hand_off")
    # The escalation's own, so that a ticket's bounces are counted without it.
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="hand_offs")
    from_team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    from_assignee = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    to_team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    # They stay rows of the conversation: merged or split, the evidence is where they are.
    messages: "models.ManyToManyField[Message, models.Model]" = models.ManyToManyField(
        Message, verbose_name=_("evidence"), blank=True, related_name="+"
    )
    files: "models.ManyToManyField[Attachment, models.Model]" = models.ManyToManyField(
        Attachment, verbose_name=_("files"), blank=True, related_name="+"
    )
    sent_at = models.DateTimeField(_("sent"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    returned_at = models.DateTimeField(_("returned"), null=True, blank=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.TextField(_("why it was returned"), blank=True)
    dropped_at = models.DateTimeField(
        _("dropped"), null=True, blank=True, help_text=_("Its escalation ended before anybody accepted or returned it.")
    )
    convened_at = models.DateTimeField(
        _("leads convened"), null=True, blank=True, help_text=_("By this return both leads were called together.")
    )

    objects: ClassVar[HandOffQuerySet] = HandOffQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["sent_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(returned_at=None) | ~models.Q(reason=""), name="handoff_returned_with_a_reason"
            ),
            models.UniqueConstraint(
                fields=["ticket"],
                condition=models.Q(accepted_at=None, returned_at=None, dropped_at=None),
                name="handoff_waits_once",
            ),
            models.UniqueConstraint(
                fields=["ticket"], condition=~models.Q(convened_at=None), name="handoff_convenes_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.escalation}: {self.from_team} to {self.to_team}"

    @property
    def is_waiting(self) -> bool:
        return self.accepted_at is None and self.returned_at is None and self.dropped_at is None
