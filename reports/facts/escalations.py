"""What became of an escalation, from its deadlines, its ladder and its steps. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from escalation.enums import DeadlineKind, Kind, State
from reports.facts.tickets import seconds

# Its steps as the columns of `EscalationFact` name them.
STEPS = {
    State.REQUESTED: "decide_seconds",
    State.INITIATED: "initiate_seconds",
    State.COMMUNICATING: "communicate_seconds",
    State.RESOLVING: "resolve_seconds",
    State.RESOLVED: "close_seconds",
}


class Due(NamedTuple):
    """A deadline of its own."""

    kind: str
    due_at: datetime
    met_at: datetime | None
    missed_at: datetime | None
    cancelled_at: datetime | None

    @property
    def is_broken(self) -> bool:
        """One that was met after its time, before the sweep came by, was missed all the same."""
        return self.missed_at is not None or (self.met_at is not None and self.met_at > self.due_at)

    @property
    def is_kept(self) -> bool:
        return self.met_at is not None and not self.is_broken


class Climb(NamedTuple):
    """A level of its ladder that was alerted."""

    level: int
    sent_at: datetime


class Acknowledged(NamedTuple):
    seconds: int
    level: int | None
    level_seconds: int | None


def told_in_time(deadlines: Iterable[Due]) -> bool | None:
    """Everybody who must hear of it within the hour (R35); None while that is open, or where nobody had to."""
    hours = [one for one in deadlines if one.kind == DeadlineKind.FIRST_HOUR]
    if any(one.is_broken for one in hours):
        return False
    decided = [one for one in hours if one.cancelled_at is None or one.is_kept]
    return True if decided and all(one.is_kept for one in decided) else None


def promises(deadlines: Iterable[Due]) -> tuple[int, int]:
    """Of the updates that were promised (R36), how many were kept and how many broken."""
    updates = [one for one in deadlines if one.kind == DeadlineKind.UPDATE]
    return sum(one.is_kept for one in updates), sum(one.is_broken for one in updates)


def acknowledged(begun_at: datetime, at: datetime, climbs: Sequence[Climb]) -> Acknowledged:
    """The first time that somebody took it on, and at which level of its ladder."""
    before = [climb for climb in climbs if climb.sent_at <= at]
    if not before:
        return Acknowledged(seconds(begun_at, at), None, None)
    last = max(before)
    return Acknowledged(seconds(begun_at, at), last.level, seconds(last.sent_at, at))


def approved(kind: str, state: str, initiated_at: datetime | None) -> bool | None:
    """Whether an authority agreed (R2); None of what needs nobody's, or waits for it, or was taken back before."""
    if kind != Kind.HIERARCHICAL:
        return None
    if initiated_at is not None:
        return True
    return False if state == State.DECLINED else None
