"""The letter of a threshold that escalates; a model, imported by `models`, which would be too long with it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Team
from sla.enums import Metric
from sla.querysets import CrossingQuerySet
from sla.thresholds import Threshold, at_key
from tickets.models import Ticket


class Crossing(models.Model):
    """A letter to the floor above: a threshold that escalates was reached, and nobody has answered it yet.

    One for each position of a clock, by constraint, whatever crashes; `answered_at` is set in the transaction that
    opens the escalation, or that finds that none is needed any more. `ladder`: the chosen one's name, “” the team's.
    """

    clock = models.ForeignKey("sla.Clock", on_delete=models.CASCADE, related_name="crossings")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="crossings")
    metric = models.CharField(_("target"), max_length=20, choices=Metric.choices)
    position = models.CharField(_("threshold"), max_length=12)
    due_at = models.DateTimeField(_("due"))
    crossed_at = models.DateTimeField(_("reached"))
    noticed_at = models.DateTimeField(_("noticed"))
    severity = models.PositiveSmallIntegerField(_("severity"))
    ladder = models.CharField(_("ladder"), max_length=80, blank=True)
    responsible_team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    quarantined_at = models.DateTimeField(null=True)

    objects: ClassVar[CrossingQuerySet] = CrossingQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["crossed_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["clock", "position"], name="crossing_once")]
        indexes = [
            models.Index(fields=["crossed_at"], condition=models.Q(answered_at=None), name="crossing_unanswered"),
        ]

    def __str__(self) -> str:
        return f"{self.position} of {self.metric} of #{self.ticket_id}"

    @property
    def threshold(self) -> Threshold:
        """Where it was reached; what else was done there is on the timeline."""
        return at_key(self.position)
