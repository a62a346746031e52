"""The word between two levels (R42)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.models.deadlines import Deadline
from escalation.models.escalation import Escalation
from escalation.querysets import HandOverQuerySet


class HandOver(models.Model):
    """An escalation given to somebody of another level, with the note that he must acknowledge (R42).

    Until he has, it stays with whoever gave it. One waits at a time, by constraint.
    """

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="hand_overs")
    giver = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    receiver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(_("note"))
    at = models.DateTimeField(_("at"))
    deadline = models.OneToOneField(Deadline, on_delete=models.CASCADE, related_name="hand_over")
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    # Given to somebody else meanwhile, or ended with its escalation.
    dropped_at = models.DateTimeField(_("dropped"), null=True, blank=True)

    objects: ClassVar[HandOverQuerySet] = HandOverQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["escalation"],
                condition=models.Q(acknowledged_at=None, dropped_at=None),
                name="handover_waits_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.escalation} to {self.receiver}"
