"""A clock's ledger as the API shows it."""

from datetime import timedelta
from typing import Annotated, TypedDict

from api.ask import instant, moment
from api.shapes.basic import Moment
from api.shapes.sla import number
from api.shapes.thresholds import ActionShape, action_shapes
from common.languages import kept
from people.models import User
from sla.enums import ClockState, EntryKind, Metric
from sla.explain import Passed, entries_of, passed_by
from sla.ledger import Account, Segment, SegmentKind
from sla.models import Clock, LedgerEntry


class EntryShape(TypedDict):
    """A line as it was written; lines are only ever added. A target comes with its calendar, "" for round the clock."""

    at: Moment
    kind: Annotated[str, EntryKind]
    target_seconds: int | None
    calendar: str
    policy: str
    reason: str
    waits_for: str
    by: str


SegmentShape = TypedDict(
    "SegmentShape",
    {
        "from": Moment,
        "to": Moment,
        "kind": Annotated[str, SegmentKind],
        "counted_seconds": float,
        "paused_seconds": float,
        "calendar": str,
        "reason": str,
        "waits_for": str,
        "by": str,
    },
)
AheadShape = TypedDict("AheadShape", {"from": Moment, "to": Moment, "seconds": float})


class MilestoneShape(TypedDict):
    """A threshold on the clock's way; `at` is when so much was used of the target as it is, or will be. For us only."""

    position: str
    at: Moment | None
    fired: bool
    actions: list[ActionShape]


class LedgerShape(TypedDict):
    """Why a promise is due when it is, up to `as_of`: now, or when the clock was stopped.

    The segments lie end to end; their seconds add up to `used_seconds` and `paused_seconds` (working time), used and
    remaining to the target. `ahead` is what will be counted until `due_at`, and adds up to what remains.
    """

    ticket: int
    metric: Annotated[str, Metric]
    cycle: int
    state: Annotated[str, ClockState]
    as_of: Moment
    entries: list[EntryShape]
    segments: list[SegmentShape]
    ahead: list[AheadShape]
    thresholds: list[MilestoneShape]
    used_seconds: float
    paused_seconds: float
    target_seconds: float
    remaining_seconds: float
    due_at: Moment | None
    policy: str


def ledger_shape(clock: Clock, account: Account, user: User) -> LedgerShape:
    """Customers see what counted and what did not, and neither our words to each other nor what we call things."""
    inside = user.is_agent
    due_at = None if clock.state == ClockState.CANCELLED else account.stood_due_at
    return {
        "ticket": clock.ticket_id,
        "metric": clock.metric,
        "cycle": clock.cycle,
        "state": clock.state,
        "as_of": instant(account.until),
        "entries": [_entry(row, inside) for row in entries_of(clock)],
        "segments": [_segment(segment, inside) for segment in account.segments],
        "ahead": [
            {"from": instant(from_), "to": instant(to), "seconds": _seconds(to - from_)} for from_, to in account.ahead
        ],
        "thresholds": [_milestone(one) for one in passed_by(clock, account)] if inside else [],
        "used_seconds": _seconds(account.used),
        "paused_seconds": _seconds(account.paused),
        "target_seconds": _seconds(account.target),
        "remaining_seconds": _seconds(account.remaining),
        "due_at": moment(due_at),
        "policy": account.policy if inside else "",
    }


def _entry(row: LedgerEntry, inside: bool) -> EntryShape:
    return {
        "at": instant(row.at),
        "kind": row.kind,
        "target_seconds": row.target_seconds,
        "calendar": str(row.calendar_version) if inside and row.calendar_version else "",
        "policy": str(row.policy_version) if inside and row.policy_version else "",
        "reason": kept(row.reason) if inside else "",
        "waits_for": row.waits_for if inside else "",
        "by": row.by.name if inside and row.by else "",
    }


def _segment(segment: Segment, inside: bool) -> SegmentShape:
    return {
        "from": instant(segment.from_),
        "to": instant(segment.to),
        "kind": segment.kind,
        "counted_seconds": _seconds(segment.counted),
        "paused_seconds": _seconds(segment.paused),
        "calendar": segment.hours if inside else "",
        "reason": kept(segment.reason) if inside else "",
        "waits_for": segment.waits_for if inside else "",
        "by": segment.by if inside else "",
    }


def _milestone(one: Passed) -> MilestoneShape:
    return {
        "position": one.threshold.key,
        "at": moment(one.at),
        "fired": one.has_fired,
        "actions": action_shapes(one.threshold),
    }


def _seconds(length: timedelta) -> float:
    return number(length.total_seconds())
