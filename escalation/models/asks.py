"""Who was asked to decide a hierarchical escalation, one after the other (R2, R3, R14)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.enums import AskedAs, AskEnd
from escalation.models.escalation import Escalation
from escalation.querysets import AskQuerySet


class Ask(models.Model):
    """One authority is asked; an approval that must be shared is an ask that ended in agreement, and a next one.

    At most one waits for each escalation, by constraint. The signed link in the mail stands for this row and opens
    nothing any more once it has ended.
    """

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="asks")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="asks")
    asked_as = models.CharField(_("asked as"), max_length=10, choices=AskedAs.choices)
    asked_at = models.DateTimeField(_("asked"))
    due_at = models.DateTimeField(_("until"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end = models.CharField(_("how it ended"), max_length=10, choices=AskEnd.choices, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects: ClassVar[AskQuerySet] = AskQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["escalation"], condition=models.Q(ended_at=None), name="ask_one_waits_for_each_escalation"
            ),
            models.UniqueConstraint(
                fields=["escalation", "person"], condition=models.Q(end="agreed"), name="ask_nobody_agrees_twice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.escalation}: {self.person}"
