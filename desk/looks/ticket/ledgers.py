"""The ledger of one clock as it is read: rows that add up to what was used, and a strip that shows the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.looks.ticket.clocks import Chip, chip
from desk.looks.ticket.waits import wait_words
from desk.templatetags.desk_time import clock_text, short
from sla.enums import ClockState, Metric
from sla.explain import settled_account_of
from sla.ledger import Account, Segment, SegmentKind
from sla.models import Clock
from sla.statement import SECOND, even, used_in

STRIP_WIDTH = 316
# A month of working days is sixty rows; what lies in the middle is added up.
FIRST_ROWS, LAST_ROWS = 3, 6
_NOTHING = timedelta()
MINUTE = timedelta(minutes=1)

_WORDS = {
    SegmentKind.RUNNING: gettext_lazy("Running"),
    SegmentKind.PAUSED: gettext_lazy("Paused"),
    SegmentKind.CLOSED: gettext_lazy("Closed hours"),
    SegmentKind.STOPPED: gettext_lazy("Stopped"),
}
_PARTS = {
    SegmentKind.RUNNING: "run",
    SegmentKind.PAUSED: "pause",
    SegmentKind.CLOSED: "off",
    SegmentKind.STOPPED: "off",
}


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the clock component unfolds under “Why 12:05”."""

    why: str
    rows: list[dict[str, object]]
    strip: dict[str, object] | None
    used_text: str
    used: str
    due_text: str
    due: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class ClockLook:
    sla: Chip
    ledger: Ledger


def clock_looks(clocks: Sequence[Clock], now: datetime) -> list[ClockLook]:
    """The latest clock of each promise, those still owed first by their due time; give `entries` prefetched."""
    latest: dict[str, Clock] = {}
    for clock in sorted(clocks, key=lambda clock: clock.cycle):
        latest[clock.metric] = clock
    shown = [clock for clock in latest.values() if clock.state != ClockState.CANCELLED]
    far = datetime.max.replace(tzinfo=now.tzinfo)
    shown.sort(key=lambda clock: (clock.is_stopped, clock.due_at or far, clock.metric))
    return [ClockLook(chip(clock, now), ledger(clock, now)) for clock in shown]


def ledger(clock: Clock, now: datetime) -> Ledger:
    account = settled_account_of(clock, now)
    unit = MINUTE if account.target % MINUTE == _NOTHING else SECOND
    used = used_in(account, unit)
    due = clock.due_at
    due_text, due_words = _last_line(clock, account, used, now)
    return Ledger(
        why=_("Why %(time)s") % {"time": clock_text(due, now)} if due and not clock.met_at else _("How it was counted"),
        rows=_rows(account.segments, even([segment.counted for segment in account.segments], used, unit), now),
        strip=strip(account, due),
        used_text=_("Used of %(target)s") % {"target": short(account.target)},
        used=short(used),
        due_text=due_text,
        due=due_words,
    )


def _last_line(clock: Clock, account: Account, used: timedelta, now: datetime) -> tuple[str, str]:
    left = max(account.target - used, _NOTHING)
    if clock.met_at is not None:
        return str(Metric(clock.metric).label), clock_text(clock.met_at, now)
    if clock.due_at is None:
        return _("Kept while it is paused"), short(left)
    due = _("due %(time)s") % {"time": clock_text(clock.due_at, now)}
    if account.remaining <= _NOTHING:
        return _("Nothing left of %(target)s") % {"target": short(account.target)}, due
    return _("%(now)s + %(left)s left") % {"now": clock_text(now, now), "left": short(left)}, due


def _rows(segments: Sequence[Segment], amounts: Sequence[timedelta], now: datetime) -> list[dict[str, object]]:
    """The first and the last, what lies in the middle added up; the amounts are those of the segments, rounded."""
    lines = list(zip(segments, amounts, strict=True))
    if len(lines) <= FIRST_ROWS + LAST_ROWS + 1:
        return _plain_rows(lines, now)
    middle = lines[FIRST_ROWS:-LAST_ROWS]
    return [*_plain_rows(lines[:FIRST_ROWS], now), _middle(middle, now), *_plain_rows(lines[-LAST_ROWS:], now)]


def _plain_rows(lines: Sequence[tuple[Segment, timedelta]], now: datetime) -> list[dict[str, object]]:
    seen: datetime | None = None
    rows = []
    for segment, amount in lines:
        rows.append(
            {
                # The day is said once: the rows after it are read from it.
                "from": clock_text(segment.from_, seen or now),
                "text": _text(segment),
                "amount": short(amount) if segment.counted else _("not counted"),
                "off": segment.kind != SegmentKind.RUNNING,
            }
        )
        seen = segment.from_
    return rows


def _text(segment: Segment) -> str:
    words = str(_WORDS[segment.kind])
    reason = "" if segment.kind == SegmentKind.CLOSED else wait_words(segment.waits_for, segment.reason)
    return f"{words}, {reason}" if reason else words


def _middle(lines: Sequence[tuple[Segment, timedelta]], now: datetime) -> dict[str, object]:
    counted = sum((amount for _segment, amount in lines), _NOTHING)
    values = {"count": len(lines), "end": clock_text(lines[-1][0].to, now)}
    text = _("%(count)d more lines, to %(end)s") % values
    return {"from": clock_text(lines[0][0].from_, now), "text": text, "amount": short(counted), "off": False}


def strip(account: Account, due: datetime | None) -> dict[str, object] | None:
    if not account.segments:
        return None
    start = account.segments[0].from_
    end = max(account.until, due or account.until)
    scale = STRIP_WIDTH / max((end - start).total_seconds(), 1)

    def x(at: datetime) -> float:
        return round((at - start).total_seconds() * scale, 1)

    parts: list[dict[str, object]] = [
        {
            "kind": _PARTS[segment.kind],
            "x": x(segment.from_),
            "width": max(round(x(segment.to) - x(segment.from_), 1), 0.5),
        }
        for segment in account.segments
    ]
    if end > account.until:
        parts.append({"kind": "left", "x": x(account.until), "width": round(STRIP_WIDTH - x(account.until), 1)})
    label = _("%(used)s of %(target)s used") % {"used": short(account.used), "target": short(account.target)}
    return {"label": label, "parts": parts, "now": x(account.until)}
