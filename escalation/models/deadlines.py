"""An escalation's own promises."""

from typing import ClassVar

from django.db import models

from escalation.enums import Audience, DeadlineKind
from escalation.models.escalation import Escalation
from escalation.querysets import DeadlineQuerySet


class Deadline(models.Model):
    """An escalation's own promise: missing it alerts and opens nothing (DESIGN §3.2)."""

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="deadlines")
    kind = models.CharField(max_length=10, choices=DeadlineKind.choices)
    # Of the first hour and of a promised update: who is waiting for it. Of the others nobody outside.
    audience = models.CharField(max_length=12, choices=Audience.choices, blank=True)
    due_at = models.DateTimeField()
    next_moment = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)

    objects: ClassVar[DeadlineQuerySet] = DeadlineQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["due_at"]
        indexes = [
            models.Index(
                fields=["next_moment"], condition=models.Q(next_moment__isnull=False), name="deadline_next_moment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.escalation}"
