"""Ladders: which one serves a team, how it is frozen onto an escalation, and whom a rung reaches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from escalation.enums import Reach
from escalation.models import Escalation, Ladder, LadderLevel, Rung
from people.chain import managers_of, present
from people.models import Team, User

DEFAULT_NAME = "Standard"


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
        found = Ladder.objects.prefetch_related("levels").order_by("-pk")
        self._by_team: dict[int | None, Ladder] = {ladder.team_id: ladder for ladder in found}
        self._by_name = {ladder.name: ladder for ladder in found}

    def name_for(self, escalation: Escalation) -> str:
        ladder = self._of(escalation)
        return ladder.name if ladder else DEFAULT_NAME

    def rungs_for(self, escalation: Escalation, now: datetime) -> list[Rung]:
        """The frozen copy: only the first rung has a moment, each later one gets its own in turn (DESIGN §3.6)."""
        ladder = self._of(escalation)
        levels: Sequence[Level | LadderLevel] = (list(ladder.levels.all()) if ladder else []) or DEFAULT_LEVELS
        return [
            Rung(
                escalation=escalation,
                level=number,
                reach=level.reach,
                delay=level.delay,
                next_moment=now + level.delay if number == 1 else None,
            )
            for number, level in enumerate(levels, start=1)
        ]

    def _of(self, escalation: Escalation) -> Ladder | None:
        """The one that a threshold chose, unless it is gone since; else the team's own, else everybody's."""
        chosen = escalation.crossing.ladder if escalation.crossing_id and escalation.crossing else ""
        team = escalation.team_id or escalation.ticket.team_id
        return self._by_name.get(chosen) or self._by_team.get(team) or self._by_team.get(None)


def ladder_names() -> list[str]:
    """For whoever chooses one by its name."""
    return list(Ladder.objects.order_by("name").values_list("name", flat=True))


def people_on(rung: Rung, team: Team | None, now: datetime) -> list[User]:
    """Whom a rung reaches at this moment, the absent replaced by their deputies; may be nobody."""
    return _REACHES[Reach(rung.reach)](rung.escalation, team, now)


def _assignee(escalation: Escalation, team: Team | None, now: datetime) -> list[User]:
    owner = escalation.ticket.assignee
    return present([owner], now) if owner else []


def _lead(escalation: Escalation, team: Team | None, now: datetime) -> list[User]:
    return present([team.lead], now) if team and team.lead else []


def _managers(escalation: Escalation, team: Team | None, now: datetime) -> list[User]:
    return managers_of(team, now)


def _managers_above(escalation: Escalation, team: Team | None, now: datetime) -> list[User]:
    """Of the team above; where there is none this level has nobody and is skipped."""
    return present(team.parent.managers.all(), now) if team and team.parent else []


def _admins(escalation: Escalation, team: Team | None, now: datetime) -> list[User]:
    return present(User.objects.admins(), now)


_REACHES: dict[Reach, Callable[[Escalation, Team | None, datetime], list[User]]] = {
    Reach.ASSIGNEE: _assignee,
    Reach.LEAD: _lead,
    Reach.MANAGERS: _managers,
    Reach.MANAGERS_ABOVE: _managers_above,
    Reach.ADMINS: _admins,
}
