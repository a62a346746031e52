from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from people.models import User
from sla.enums import ClockState, Metric

if TYPE_CHECKING:
    from sla.models import Breach, Clock, Crossing, PolicyVersion, TeamTarget


class ClockQuerySet(models.QuerySet["Clock"]):
    def ticking(self) -> "ClockQuerySet":
        """Neither met nor cancelled: running, paused, or breached and still not answered."""
        return self.filter(met_at=None).exclude(state=ClockState.CANCELLED)

    def with_moment_due(self, now: datetime) -> "ClockQuerySet":
        """Those whose next moment has come and that are not set aside, oldest first."""
        may_try = Q(next_try_at=None) | Q(next_try_at__lte=now)
        return self.filter(may_try, next_moment__lte=now, quarantined_at=None).order_by("next_moment", "pk")

    def for_tickets(self, numbers: Iterable[int]) -> "ClockQuerySet":
        return self.filter(ticket__in=list(numbers)).select_related("policy_version__policy", "calendar_version")

    def visible_to(self, user: User) -> "ClockQuerySet":
        """How long a team may take is nobody's business but the desk's (DESIGN §3.12)."""
        return self if user.is_agent else self.exclude(metric=Metric.INTERNAL)

    def internal(self) -> "ClockQuerySet":
        return self.filter(metric=Metric.INTERNAL)


@lru_cache
def _promises(clock: "type[Clock]", using: str | None) -> ClockQuerySet:
    return ClockQuerySet(clock, using=using).exclude(metric=Metric.INTERNAL)


class Promises(models.Manager["Clock"]):
    """The clocks of customers' promises. Whoever means the teams' own as well has to say so: `Clock.every`."""

    def get_queryset(self) -> ClockQuerySet:
        # Asked for with each related manager that is made: what they have in common is put together once.
        return _promises(self.model, self._db).all()

    def ticking(self) -> ClockQuerySet:
        return self.get_queryset().ticking()

    def for_tickets(self, numbers: Iterable[int]) -> ClockQuerySet:
        return self.get_queryset().for_tickets(numbers)


class TeamTargets(models.Manager["TeamTarget"]):
    """Each with its team, which is always named with it."""

    def get_queryset(self) -> "models.QuerySet[TeamTarget]":
        return super().get_queryset().select_related("team")


class BreachQuerySet(models.QuerySet["Breach"]):
    def unanswered(self) -> "BreachQuerySet":
        return self.filter(answered_at=None)

    def to_answer(self, now: datetime) -> "BreachQuerySet":
        """Unanswered and not set aside, oldest first. About a ticket in the trash the letter waits there with it."""
        may_try = Q(next_try_at=None) | Q(next_try_at__lte=now)
        return self.unanswered().filter(may_try, quarantined_at=None, ticket__trashed_at=None).order_by("due_at", "pk")


class CrossingQuerySet(models.QuerySet["Crossing"]):
    def to_answer(self, now: datetime) -> "CrossingQuerySet":
        """Unanswered and not set aside, oldest first. About a ticket in the trash the letter waits there with it."""
        may_try = Q(next_try_at=None) | Q(next_try_at__lte=now)
        waiting = self.filter(may_try, answered_at=None, quarantined_at=None, ticket__trashed_at=None)
        return waiting.order_by("crossed_at", "pk")


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    def published(self) -> "PolicyVersionQuerySet":
        """Those that act or have acted; never a draft."""
        return self.filter(published_at__isnull=False)

    def in_force(self) -> "PolicyVersionQuerySet":
        """Of each policy the newest that is published."""
        newer = self.model._default_manager.filter(
            policy=OuterRef("policy"), number__gt=OuterRef("number"), published_at__isnull=False
        )
        return self.published().filter(~Exists(newer))
