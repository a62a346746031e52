"""The ladder: who is alerted, in which order; as configured, and as frozen onto one escalation (DESIGN §3.6, §4)."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.enums import Reach, RungState
from escalation.models.escalation import Escalation
from escalation.querysets import RungQuerySet
from people.models import Team


class Ladder(models.Model):
    """Who is alerted, in which order, after which delays, until somebody acknowledges."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    team = models.OneToOneField(
        Team,
        verbose_name=_("team"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="ladder",
        help_text=_("Without a team it serves all teams that have none of their own."),
    )

    def __str__(self) -> str:
        return self.name


class LadderLevel(models.Model):
    ladder = models.ForeignKey(Ladder, on_delete=models.CASCADE, related_name="levels")
    level = models.PositiveSmallIntegerField(_("level"))
    reach = models.CharField(_("whom"), max_length=16, choices=Reach.choices)
    delay = models.DurationField(_("after"), help_text=_("Counted from the alert of the level before."))

    class Meta:
        ordering = ["level"]
        constraints = [models.UniqueConstraint(fields=["ladder", "level"], name="ladderlevel_once")]

    def __str__(self) -> str:
        return f"{self.ladder} {self.level}"


class Rung(models.Model):
    """A level of the ladder as frozen onto one escalation.

    Only the next rung has a `next_moment`; the one after it gets its own when this one was sent (DESIGN §3.6).
    """

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="rungs", db_index=False)
    level = models.PositiveSmallIntegerField()
    reach = models.CharField(max_length=16, choices=Reach.choices)
    delay = models.DurationField()
    state = models.CharField(max_length=8, choices=RungState.choices, default=RungState.WAITING)
    who = models.CharField(max_length=300, blank=True)
    next_moment = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)

    objects: ClassVar[RungQuerySet] = RungQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["level"]
        constraints = [models.UniqueConstraint(fields=["escalation", "level"], name="rung_once")]
        indexes = [
            models.Index(fields=["next_moment"], condition=models.Q(next_moment__isnull=False), name="rung_next_moment")
        ]

    SENDING_FIELDS: ClassVar[list[str]] = ["state", "who", "sent_at", "next_moment"]

    def __str__(self) -> str:
        return f"{self.escalation} level {self.level}"

    def mark_sent(self, who: str, now: datetime) -> None:
        """In memory only: alerted now, or skipped where nobody stands on it."""
        self.state = RungState.SENT if who else RungState.SKIPPED
        self.who = who
        self.sent_at = now if who else None
        self.next_moment = None


def as_names(people: Any) -> str:
    """People in one short line, as the ladder shows them."""
    return ", ".join(str(person) for person in people)[:300]
