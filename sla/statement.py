"""A clock's account as lines to be read: what was counted on each day, what was not, and what changed. Pure.

Clocks count microseconds and people read seconds. Each line is rounded so that the lines add up on paper, too: to what
was used, with what is left to the target, and from the last instant to the due time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import accumulate, pairwise

from sla.enums import EntryKind
from sla.ledger import Account, Entry, Segment, SegmentKind, settle

SECOND = timedelta(seconds=1)
_NOTHING = timedelta()
_LEAST = timedelta.resolution
_DAY = timedelta(days=1)


class LineKind(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    CLOSED = "closed"
    STOPPED = "stopped"
    AHEAD = "ahead"
    RETARGETED = "retargeted"  # An instant: another target, policy or calendar.
    MISSED = "missed"  # An instant: the target is used up.


@dataclass(frozen=True, slots=True)
class Terms:
    """What was promised from some instant on, and in whose hours."""

    target: timedelta
    policy: str
    hours: str


@dataclass(frozen=True, slots=True)
class Line:
    """From `at` to `to`, which are the same for an instant. `paused` is the working time that a pause let go by.

    `reason` and `by` stand on the first line of a state only; `before` and `after` on a change of terms.
    """

    kind: LineKind
    at: datetime
    to: datetime
    counted: timedelta = _NOTHING
    paused: timedelta = _NOTHING
    reason: str = ""
    by: str = ""
    before: Terms | None = None
    after: Terms | None = None
    waits_for: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """`lines` add up to `used`, used and `left` (negative when overdue) to the target, `ahead` to what is left."""

    account: Account
    lines: tuple[Line, ...]
    ahead: tuple[Line, ...]
    used: timedelta
    left: timedelta
    due_at: datetime | None


def statement(entries: Sequence[Entry], *, until: datetime, zone: tzinfo, unit: timedelta = SECOND) -> Statement:
    """The account settled at `until`, in whole `unit`s, days being those of `zone`."""
    account = settle(entries, until=until)
    used = used_in(account, unit)
    left = account.target - used
    parts = [part for segment in account.segments for part in _parts(segment, account.missed_at, zone)]
    counted = even([part.counted for part in parts], used, unit)
    paused = even([part.paused for part in parts], account.paused // unit * unit, unit)
    rounded = map(_rounded, _said_once(parts), counted, paused)
    lines = [*rounded, *_changes(entries, account.until)]
    if account.missed_at is not None:
        lines.append(Line(LineKind.MISSED, account.missed_at, account.missed_at))
    ahead = [Line(LineKind.AHEAD, *cut) for interval in account.ahead for cut in _cuts(*interval, None, zone)]
    waiting = even([line.to - line.at for line in ahead], left, unit)
    return Statement(
        account=account,
        # At one instant: what ended there is said before what begins, and a change before what it changes.
        lines=tuple(sorted(lines, key=lambda line: (line.at, line.to))),
        ahead=tuple(map(_rounded, ahead, waiting)),
        used=used,
        left=left,
        due_at=account.stood_due_at,
    )


def even(amounts: Sequence[timedelta], total: timedelta, unit: timedelta) -> list[timedelta]:
    """The amounts in whole units, each off by less than one, whose sum is `total` where that is the sum rounded."""
    rest = _NOTHING if sum(amounts, _NOTHING) // unit * unit == total else unit - _LEAST
    sums = [(amount + rest) // unit * unit for amount in accumulate(amounts, initial=_NOTHING)]
    return [after - before for before, after in pairwise(sums)]


def used_in(account: Account, unit: timedelta) -> timedelta:
    """What was used in whole units, rounded down or up so that the last instant and what is left make the due time."""
    down = account.used // unit * unit
    due, ahead = account.stood_due_at, account.ahead
    if due is None or not ahead or account.remaining <= _NOTHING:
        return down
    begins = ahead[0].from_
    shut = due - begins - account.remaining
    left = _floor(due, unit) - _floor(begins, unit) - shut // unit * unit
    used = account.target - left
    return used if used >= _NOTHING and abs(used - account.used) < unit else down


def _floor(at: datetime, unit: timedelta) -> datetime:
    return at - (at - datetime.min.replace(tzinfo=UTC)) % unit


def _parts(segment: Segment, missed_at: datetime | None, zone: tzinfo) -> Iterator[Line]:
    line = Line(
        LineKind(segment.kind),
        segment.from_,
        segment.to,
        segment.counted,
        segment.paused,
        "" if segment.kind == SegmentKind.CLOSED else segment.reason,
        "" if segment.kind == SegmentKind.CLOSED else segment.by,
        waits_for=segment.waits_for,
    )
    if segment.kind != SegmentKind.RUNNING:
        yield line
        return
    for at, to in _cuts(segment.from_, segment.to, missed_at, zone):
        yield replace(line, at=at, to=to, counted=to - at)


def _cuts(
    from_: datetime, to: datetime, missed_at: datetime | None, zone: tzinfo
) -> Iterator[tuple[datetime, datetime]]:
    """The pieces between midnights, and before and after the moment at which the target was used up."""
    ends = [to]
    if missed_at is not None and from_ < missed_at < to:
        ends.append(missed_at)
    day = from_.astimezone(zone).date()
    while (midnight := datetime.combine(day := day + _DAY, time(), zone).astimezone(UTC)) < to:
        if midnight > from_:
            ends.append(midnight)
    yield from pairwise(sorted({from_, *ends}))


def _said_once(parts: Sequence[Line]) -> Iterator[Line]:
    """Why the clock runs is not said again on every day on which it does."""
    said = ("", "")
    for part in parts:
        words = (part.reason, part.by)
        repeated = words == said or part.kind == LineKind.CLOSED
        yield replace(part, reason="", by="") if repeated else part
        said = said if part.kind == LineKind.CLOSED else words


def _changes(entries: Sequence[Entry], until: datetime) -> Iterator[Line]:
    """Each line that put other terms into force."""
    terms, at = Terms(_NOTHING, "", ""), None
    for entry in entries:
        at = max(entry.at.astimezone(UTC), at) if at else entry.at.astimezone(UTC)
        if at > until:
            return
        after = Terms(
            terms.target if entry.target is None else entry.target,
            entry.policy or terms.policy,
            terms.hours if entry.calendar is None else entry.hours,
        )
        if after != terms and entry.kind != EntryKind.STARTED:
            yield Line(LineKind.RETARGETED, at, at, reason=entry.reason, by=entry.by, before=terms, after=after)
        terms = after


def _rounded(line: Line, counted: timedelta, paused: timedelta = _NOTHING) -> Line:
    return replace(line, counted=counted, paused=paused)
