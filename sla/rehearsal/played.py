"""A ticket and a clock that live in memory only: what the effects and the moves ask of one, and no more."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from calendars.worktime import WorkTime
from people.models import Team
from sla.enums import ClockState, Metric
from sla.rehearsal.past import Step, Teams
from sla.rehearsal.plan import Aim, Promise
from sla.thresholds import Milestone, Threshold, still_fired
from tickets.conditions import Facts
from tickets.enums import DONE_STATUSES, EventKind, Priority, Status
from tickets.rewinding import CHANGES_FACTS, after
from tickets.waits import kind_of


class Fired(NamedTuple):
    """A threshold of a played clock that has done what it does, and whose promise that was."""

    at: datetime
    threshold: Threshold
    team_id: int | None


@dataclass(slots=True)
class Line:
    kind: str
    at: datetime
    waits_for: str = ""


@dataclass(slots=True, eq=False)
class PlayedTicket:
    """What the effects look at of a ticket, as it was at each step."""

    number: int
    facts: Facts
    team: Team | None
    team_id: int | None
    status: str = Status.NEW
    waits_for: str = ""
    last_customer_message_at: datetime | None = None
    last_agent_reply_at: datetime | None = None
    # Whether an escalation would have run is not rehearsed.
    escalation_state: None = None

    @property
    def priority(self) -> str:
        return self.facts.priority

    @property
    def is_done(self) -> bool:
        return self.status in DONE_STATUSES

    @property
    def stands_still_for(self) -> str:
        return kind_of(self.status, self.waits_for)

    @property
    def owes_answer(self) -> bool:
        asked, answered = self.last_customer_message_at, self.last_agent_reply_at
        return not self.is_done and asked is not None and (answered is None or answered < asked)

    def get_priority_display(self) -> str:
        return str(Priority(self.priority).label)

    def take(self, step: Step, teams: Teams) -> None:
        """As on the desk the ticket has changed before its event is told."""
        taken = _TAKEN.get(step.kind)
        if taken is not None:
            taken(self, step, teams)


def _asked(ticket: PlayedTicket, step: Step, _teams: Teams) -> None:
    ticket.last_customer_message_at = step.at


def _answered(ticket: PlayedTicket, step: Step, _teams: Teams) -> None:
    ticket.last_agent_reply_at = step.at


def _stepped(ticket: PlayedTicket, step: Step, _teams: Teams) -> None:
    ticket.status, ticket.waits_for = step.data["after"], step.data.get("waits_for", "")


def _assigned(ticket: PlayedTicket, step: Step, teams: Teams) -> None:
    team = ticket.team = teams.named(step.data.get("team", ""))
    ticket.team_id = team.pk if team else None
    ticket.facts = replace(ticket.facts, team=team.slug if team else "")


def _described(ticket: PlayedTicket, step: Step, _teams: Teams) -> None:
    ticket.facts = after(ticket.facts, step)


_TAKEN: dict[str, Callable[[PlayedTicket, Step, Teams], None]] = {
    EventKind.OPENED: _asked,
    EventKind.CUSTOMER_WROTE: _asked,
    EventKind.REPLIED: _answered,
    EventKind.STATUS: _stepped,
    EventKind.ASSIGNED: _assigned,
    **dict.fromkeys(CHANGES_FACTS, _described),
}


@dataclass(slots=True, eq=False)
class PlayedClock:
    """A clock that is nowhere kept; its ledger is two columns of it."""

    ticket: PlayedTicket
    metric: str
    key: str
    cycle: int
    policy_version: Promise
    target: timedelta
    hours: WorkTime
    milestones: tuple[Milestone, ...]
    responsible_team_id: int | None
    state: str = ClockState.RUNNING
    due_at: datetime | None = None
    used: timedelta = timedelta()
    running_since: datetime | None = None
    fired: list[str] = field(default_factory=list)
    next_moment: datetime | None = None
    met_at: datetime | None = None
    breached_at: datetime | None = None
    ledger: list[Line] = field(default_factory=list)
    came: list[Fired] = field(default_factory=list)

    @property
    def is_internal(self) -> bool:
        return self.metric == Metric.INTERNAL

    @property
    def is_stopped(self) -> bool:
        return self.met_at is not None or self.state == ClockState.CANCELLED

    def aim_at(self, aim: Aim, version: Promise) -> None:
        self.target = aim.target
        self.milestones = aim.milestones
        self.fired = still_fired(self.fired, self.target, self.used)
        self.policy_version = version
        self.hours = aim.hours

    def save(self, **_fields: Any) -> None:
        """It is kept nowhere."""

    def add_line(self, kind: str, at: datetime, *, waits_for: str = "", **_words: Any) -> None:
        self.ledger.append(Line(kind, at, waits_for))

    def lines(self) -> list[Line]:
        return self.ledger
