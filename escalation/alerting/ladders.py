"""Ladders: which one serves a team, and how it is frozen onto an escalation."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch

from escalation.enums import Reach
from escalation.models import Escalation, Ladder, LadderLevel, Rung
from people.models import User

DEFAULT_NAME = "Standard"
_LEVELS = Prefetch("levels", LadderLevel.objects.prefetch_related(Prefetch("people", User.objects.only("pk"))))


@dataclass(frozen=True, slots=True)
class Level:
    reach: str
    delay: timedelta


DEFAULT_LEVELS = (
    Level(Reach.MANAGERS, timedelta()),
    Level(Reach.MANAGERS_ABOVE, timedelta(minutes=15)),
    Level(Reach.ADMINS, timedelta(minutes=30)),
)


def install_ladder() -> Ladder:
    """The ladder of all teams that have none of their own."""
    ladder, made = Ladder.objects.get_or_create(name=DEFAULT_NAME)
    if made:
        LadderLevel.objects.bulk_create(
            [
                LadderLevel(ladder=ladder, level=number, reach=level.reach, delay=level.delay)
                for number, level in enumerate(DEFAULT_LEVELS, start=1)
            ]
        )
    return ladder


class Ladders:
    """Looks ladders up once for a whole batch."""

    def __init__(self) -> None:
        # Of several that are for no team the oldest serves all; the others are there to be named by a threshold.
        found = Ladder.objects.prefetch_related(_LEVELS).select_related("calendar").order_by("-pk")
        self._by_team: dict[int | None, Ladder] = {ladder.team_id: ladder for ladder in found}
        self._by_name = {ladder.name: ladder for ladder in found}

    def name_for(self, escalation: Escalation) -> str:
        ladder = self._of(escalation)
        return ladder.name if ladder else DEFAULT_NAME

    def rungs_for(self, escalation: Escalation, now: datetime) -> list[Rung]:
        """The frozen copy: only the first rung has a moment, each later one gets its own in turn (DESIGN §3.6)."""
        return rungs_of(self._of(escalation), escalation, now)

    def widens_after(self, escalation: Escalation) -> timedelta | None:
        """How long until more people are drawn in (R13)."""
        ladder = self._of(escalation)
        return ladder.widen_after if ladder else None

    def _of(self, escalation: Escalation) -> Ladder | None:
        """The one that a threshold or a rule chose, unless it is gone since; else the team's own, else everybody's."""
        chosen = escalation.crossing.ladder if escalation.crossing_id and escalation.crossing else ""
        if escalation.proposal_id and escalation.proposal:
            chosen = escalation.proposal.ladder
        team = escalation.team_id or escalation.ticket.team_id
        return self._by_name.get(chosen) or self._by_team.get(team) or self._by_team.get(None)


def rungs_of(ladder: Ladder | None, escalation: Escalation, now: datetime) -> list[Rung]:
    """What this ladder is for that escalation, unsaved; without levels of its own it has the standard ones."""
    frozen = _frozen(ladder) if ladder else []
    rungs = frozen or _default()
    for rung in rungs:
        rung.escalation = escalation
    rungs[0].next_moment = now + rungs[0].delay
    return rungs


def _default() -> list[Rung]:
    return [Rung(level=number, reach=one.reach, delay=one.delay) for number, one in enumerate(DEFAULT_LEVELS, start=1)]


def _frozen(ladder: Ladder) -> list[Rung]:
    """Its levels with all that they say, numbered from one; the calendar as it is now."""
    hours = ladder.calendar.current if ladder.calendar is not None else None
    return [
        Rung(
            level=number,
            reach=level.reach,
            steps_up=level.steps_up,
            delay=level.delay,
            by_mail=level.by_mail,
            repeat_every=level.repeat_every,
            repeat_times=level.repeat_times,
            named=[person.pk for person in level.people.all()],
            hours=hours if level.in_hours else None,
        )
        for number, level in enumerate(ladder.levels.all(), start=1)
    ]


def ladder_names() -> list[str]:
    """For whoever chooses one by its name."""
    return list(Ladder.objects.order_by("name").values_list("name", flat=True))
