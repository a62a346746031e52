"""What an escalation starts with: its frozen ladder, its first deadline, and whom its opening reaches at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from common.rows import insert
from escalation.alerting.foretelling import Coming, next_told
from escalation.alerting.ladders import Ladders
from escalation.alerting.reaching import Reaching, opens_at
from escalation.deadlines.promises import first_hours
from escalation.enums import INFORMED, DeadlineKind
from escalation.models import Deadline, Escalation, Procedure, Rung, as_names
from people.chain import hearing_of, lead_of, managers_of
from people.models import User

_FROZEN = (*Rung.FROZEN, *Rung.CHANGING)


@dataclass(frozen=True, slots=True)
class Plan:
    """The levels as their rows, but for the escalation; and who is told when it is opened."""

    levels: Sequence[dict[str, Any]]
    told: Sequence[User]
    widens_after: timedelta | None
    # Who is told next when nobody acknowledges; asked for only where there is a crew whose letters say it.
    then: Coming | None


class Plans:
    """Each made once for all escalations of a batch that have ladder, team and owner in common.

    With a crew, a first level without delay is taken as sent with the opening itself, so that nobody is told
    twice in a second.
    """

    def __init__(self, now: datetime, crew: "Crew | None" = None) -> None:
        self._now = now
        self._crew = crew
        self._ladders = Ladders()
        self._known: dict[tuple[str, int | None, int | None], Plan] = {}

    def name_for(self, escalation: Escalation) -> str:
        return self._ladders.name_for(escalation)

    def of(self, escalation: Escalation) -> Plan:
        """Of one that has its ladder's name."""
        key = (escalation.ladder_name, escalation.team_id, escalation.ticket.assignee_id)
        if key not in self._known:
            self._known[key] = self._made(escalation)
        return self._known[key]

    def _made(self, escalation: Escalation) -> Plan:
        rungs = self._ladders.rungs_for(escalation, self._now)
        told: list[User] = []
        if self._crew is not None:
            told = list(dict.fromkeys([*self._crew.of(escalation), *_send_first(rungs, self._crew, self._now)]))
        levels = [{name: getattr(rung, name) for name in _FROZEN} for rung in rungs]
        then = next_told(rungs, self._now) if self._crew is not None else None
        return Plan(levels, told, self._ladders.widens_after(escalation), then)


def arm(escalations: Sequence[Escalation], now: datetime, plans: Plans | None = None) -> None:
    """Freeze the ladder onto each, and set the first hour running where its procedure asks for updates (R35)."""
    plans = plans or Plans(now)
    named: defaultdict[str, list[int]] = defaultdict(list)
    for escalation in escalations:
        name = plans.name_for(escalation)
        if escalation.ladder_name != name:
            escalation.ladder_name = name
            named[name].append(escalation.number)
    for name, numbers in named.items():
        Escalation.objects.filter(number__in=numbers).update(ladder_name=name)
    insert(Rung, [{**level, "escalation_id": one.number} for one in escalations for level in plans.of(one).levels])
    hurried = [escalation for escalation in escalations if asks_for_updates(escalation.procedure)]
    insert(Deadline, [hour for escalation in hurried for hour in first_hours(escalation, now)])
    insert(Deadline, [_widening(one, after, now) for one in escalations if (after := plans.of(one).widens_after)])


def _widening(escalation: Escalation, after: timedelta, now: datetime) -> dict[str, Any]:
    """When more people are drawn in, unless it is resolved before (R13)."""
    due_at = now + after
    return {
        "escalation_id": escalation.number,
        "kind": DeadlineKind.WIDEN,
        "due_at": due_at,
        "next_moment": due_at,
    }


def deadline(escalation: Escalation, kind: str, due_at: datetime) -> Deadline:
    """Not yet stored."""
    return Deadline(escalation=escalation, kind=kind, due_at=due_at, next_moment=due_at)


def asks_for_updates(procedure: Procedure) -> bool:
    named = {name for names in procedure.conditions.values() for name in names}
    return bool(named & _UPDATES)


_UPDATES = {f"{audience}_informed" for audience in INFORMED}


class Crew:
    """Who answers for a team, looked up once per team in a batch."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._known: dict[tuple[int | None, int | None], list[User]] = {}
        self._reaching = Reaching(now)

    def of(self, escalation: Escalation) -> list[User]:
        """Managers first, then the lead; never nobody while there is an administrator (DESIGN §3.3)."""
        key = (escalation.team_id, escalation.ticket.team_id)
        if key not in self._known:
            team, hears = escalation.team, hearing_of(escalation.ticket.team)
            people = [*managers_of(team, self._now, hears), *lead_of(team, self._now, hears)]
            self._known[key] = list(dict.fromkeys(people))
        return self._known[key]

    def on(self, rung: Rung) -> list[User]:
        return self._reaching.on(rung).people


def _send_first(levels: Sequence[Rung], crew: Crew, now: datetime) -> list[User]:
    first, *later = levels
    if first.next_moment is None or first.next_moment > now or opens_at(first, now) > now:
        return []
    people = crew.on(first)
    first.mark_sent(as_names(people), now)
    if later:
        later[0].next_moment = now + (later[0].delay if people else timedelta())
    return people
