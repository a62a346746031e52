"""The ledger of one clock as it is read: rows that add up to what was used, and a strip that shows the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.looks.clocks import Chip, chip
from desk.templatetags.desk_time import clock_text, short
from sla.enums import ClockState, Metric
from sla.explain import account_of
from sla.ledger import Account, Segment, SegmentKind
from sla.models import Clock

STRIP_WIDTH = 316
# A month of working days is sixty rows; what lies in the middle is added up.
FIRST_ROWS, LAST_ROWS = 3, 6
_NOTHING = timedelta()

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
    account = account_of(clock, clock.met_at or now)
    due = clock.due_at
    due_text, due_words = _last_line(clock, account, now)
    return Ledger(
        why=_("Why %(time)s") % {"time": clock_text(due, now)} if due and not clock.met_at else _("How it was counted"),
        rows=_rows(account.segments, now),
        strip=_strip(account, due),
        used_text=_("Used of %(target)s") % {"target": short(account.target)},
        used=short(account.used),
        due_text=due_text,
        due=due_words,
    )


def _last_line(clock: Clock, account: Account, now: datetime) -> tuple[str, str]:
    if clock.met_at is not None:
        return str(Metric(clock.metric).label), clock_text(clock.met_at, now)
    if clock.due_at is None:
        return _("Kept while it is paused"), short(max(account.remaining, _NOTHING))
    due = _("due %(time)s") % {"time": clock_text(clock.due_at, now)}
    if account.remaining <= _NOTHING:
        return _("Nothing left of %(target)s") % {"target": short(account.target)}, due
    return _("%(now)s + %(left)s left") % {"now": clock_text(now, now), "left": short(account.remaining)}, due


def _rows(segments: Sequence[Segment], now: datetime) -> list[dict[str, object]]:
    seen: datetime | None = None
    rows = []
    middle = segments[FIRST_ROWS:-LAST_ROWS] if len(segments) > FIRST_ROWS + LAST_ROWS + 1 else ()
    for segment in (*segments[:FIRST_ROWS], *segments[-LAST_ROWS:]) if middle else segments:
        if middle and segment is segments[-LAST_ROWS]:
            rows.append(_middle(middle, now))
        rows.append(
            {
                # The day is said once: the rows after it are read from it.
                "from": clock_text(segment.from_, seen or now),
                "text": _text(segment),
                "amount": short(segment.counted) if segment.counted else _("not counted"),
                "off": segment.kind != SegmentKind.RUNNING,
            }
        )
        seen = segment.from_
    return rows


def _text(segment: Segment) -> str:
    words = str(_WORDS[segment.kind])
    reason = segment.reason if segment.kind in {SegmentKind.PAUSED, SegmentKind.STOPPED, SegmentKind.RUNNING} else ""
    return f"{words}, {reason}" if reason else words


def _middle(segments: Sequence[Segment], now: datetime) -> dict[str, object]:
    counted = sum((segment.counted for segment in segments), _NOTHING)
    text = _("%(count)d more lines, to %(end)s") % {"count": len(segments), "end": clock_text(segments[-1].to, now)}
    return {"from": clock_text(segments[0].from_, now), "text": text, "amount": short(counted), "off": False}


def _strip(account: Account, due: datetime | None) -> dict[str, object] | None:
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
