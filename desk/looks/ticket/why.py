"""“Why this due time?”: one clock of a ticket told in sentences and in lines that add up to the second."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common.languages import kept
from desk.looks.ticket.clocks import Chip, chip
from desk.looks.ticket.ledgers import strip
from desk.looks.ticket.waits import wait_words
from desk.templatetags.desk_time import clock_text, exact, exact_clock, exact_day
from sla.enums import ClockState, Metric
from sla.explain import Passed, has_come, passed_by
from sla.ledger import SegmentKind
from sla.models import Clock
from sla.statement import Line, LineKind, Statement, Terms
from sla.thresholds import action_words, position_words


@dataclass(frozen=True, slots=True)
class Row:
    """`off`: not counted; `mark`: an instant and no stretch of time."""

    time: str
    what: str
    why: str
    amount: str
    off: bool = False
    mark: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    name: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Tab:
    """A clock to choose: the newest round of each promise."""

    name: str
    url: str
    sla: Chip
    current: bool


@dataclass(frozen=True, slots=True)
class WhyLook:
    title: str
    sentences: list[str]
    strip: dict[str, object] | None
    days: list[Day]
    ahead: list[Day]
    ahead_title: str
    sums: list[tuple[str, str]]
    due_text: str
    due: str
    way: list[Row]


def newest(clocks: Sequence[Clock]) -> list[Clock]:
    """The newest round of each promise: those that are owed first, by their due time; then what the teams use."""
    latest = {clock.key: clock for clock in sorted(clocks, key=lambda clock: clock.cycle)}
    return sorted(latest.values(), key=_rank)


def _rank(clock: Clock) -> tuple[bool, bool, bool, float, str]:
    due = clock.due_at.timestamp() if clock.due_at else float("inf")
    return clock.is_internal, clock.is_stopped, clock.state == ClockState.CANCELLED, due, clock.metric


def tabs(clocks: Sequence[Clock], chosen: Clock, now: datetime) -> list[Tab]:
    return [Tab(clock.name, url_of(clock), chip(clock, now), clock.key == chosen.key) for clock in newest(clocks)]


@dataclass(frozen=True, slots=True)
class Rounds:
    """Where a promise that recurs has come to; empty addresses where there is no round before or after."""

    number: int
    of: int
    before: str
    after: str


def rounds(clocks: Sequence[Clock], chosen: Clock) -> Rounds | None:
    same = sorted((clock for clock in clocks if clock.key == chosen.key), key=lambda clock: clock.cycle)
    if len(same) == 1:
        return None
    at = next(index for index, clock in enumerate(same) if clock.cycle == chosen.cycle)
    before = url_of(same[at - 1]) if at else ""
    after = url_of(same[at + 1]) if at + 1 < len(same) else ""
    return Rounds(at + 1, len(same), before, after)


def url_of(clock: Clock) -> str:
    query = urlencode({"clock": clock.metric, "round": clock.cycle})
    return f"{reverse('desk:ledger', args=[clock.ticket_id])}?{query}"


def why(clock: Clock, told: Statement, now: datetime) -> WhyLook:
    due = None if clock.state == ClockState.CANCELLED else told.due_at
    due_text, due_words = last_line(clock, told)
    return WhyLook(
        title=_("Why %(time)s") % {"time": clock_text(due, now)}
        if due and not clock.is_stopped
        else _("How it counted"),
        sentences=[_promise(clock, told), _standing(clock, told, now)],
        strip=strip(told.account, due),
        days=days(told.lines),
        ahead=days(told.ahead),
        ahead_title=_("What would have been left") if clock.is_stopped else _("What is left, in counted time"),
        sums=sums(told),
        due_text=due_text,
        due=due_words,
        way=on_the_way(clock, told, now),
    )


def on_the_way(clock: Clock, told: Statement, now: datetime) -> list[Row]:
    """Each threshold that came or may come, with its moment; of a clock that is paused there is none ahead."""
    return [_passed(one, now) for one in passed_by(clock, told.account)]


def _passed(one: Passed, now: datetime) -> Row:
    at = clock_text(one.at, now) if one.at else "–"
    done = "; ".join(action_words(action, {}) for action in one.threshold.actions)
    standing = _("done") if one.has_fired else _("ahead")
    return Row(at, position_words(one.threshold), done, standing, off=not one.has_fired)


def days(lines: Sequence[Line]) -> list[Day]:
    """By the day of the reader on which a line begins."""
    return [
        Day(name, [_row(line) for line in group]) for name, group in groupby(lines, lambda line: exact_day(line.at))
    ]


def _row(line: Line) -> Row:
    if line.kind == LineKind.MISSED:
        return Row(exact_clock(line.at), _("The promise was missed"), _("The target is used up."), "", mark=True)
    if line.before is not None and line.after is not None:
        what = _terms_changed(line.before, line.after)
        return Row(exact_clock(line.at), what, _by(kept(line.reason), line.by), "", mark=True)
    what = {
        LineKind.RUNNING: _("Counted"),
        LineKind.AHEAD: _("Counts"),
        LineKind.PAUSED: _("Paused"),
        LineKind.CLOSED: _("Closed hours"),
        LineKind.STOPPED: _("Stopped"),
    }[line.kind]
    counted = line.kind in {LineKind.RUNNING, LineKind.AHEAD}
    amount = exact(line.counted) if counted else _("not counted")
    return Row(_span(line), what, _why(line), amount, off=not counted)


def _why(line: Line) -> str:
    said = _by(wait_words(line.waits_for, line.reason), line.by)
    if line.kind != LineKind.PAUSED:
        return said
    gone = _("%(time)s of working time went by") % {"time": exact(line.paused)}
    return _("%(said)s; %(more)s") % {"said": said, "more": gone} if said else gone


def _by(reason: str, by: str) -> str:
    if not by:
        return reason
    return (_("%(reason)s, by %(name)s") if reason else _("by %(name)s")) % {"reason": reason, "name": by}


def _span(line: Line) -> str:
    """The end says its day where that is another; midnight belongs to the day that it ends."""
    start, end = timezone.localtime(line.at), timezone.localtime(line.to)
    if end.date() == start.date():
        return f"{exact_clock(line.at)}–{exact_clock(line.to)}"
    if (end.date() - start.date()).days == 1 and end.time() == end.min.time():
        return f"{exact_clock(line.at)}–24:00"
    return f"{exact_clock(line.at)}–{clock_text(line.to, line.at)}"


def _terms_changed(before: Terms, after: Terms) -> str:
    parts = []
    if before.target != after.target:
        values = {"before": exact(before.target), "after": exact(after.target)}
        parts.append(_("Target %(before)s → %(after)s") % values)
    if before.policy != after.policy:
        parts.append(_("Policy: %(name)s") % {"name": after.policy})
    if before.hours != after.hours:
        parts.append(_("Calendar: %(name)s") % {"name": _hours(after.hours)})
    return "; ".join(parts)


def _hours(hours: str) -> str:
    return hours or _("round the clock")


def _promise(clock: Clock, told: Statement) -> str:
    account = told.account
    values = {
        "metric": clock.name,
        "target": exact(account.target),
        "hours": account.segments[-1].hours if account.segments else "",
        "policy": _("a reply") if clock.metric == Metric.PROMISED_UPDATE else account.policy,
        "from": f"{exact_day(clock.started_at)}, {exact_clock(clock.started_at)}",
    }
    if clock.is_internal:
        return _allowed(bool(values["hours"])) % values
    if values["hours"]:
        return _("%(metric)s within %(target)s of %(hours)s, promised by %(policy)s; it counts from %(from)s.") % values
    return _("%(metric)s within %(target)s round the clock, promised by %(policy)s; it counts from %(from)s.") % values


def _allowed(in_hours: bool) -> str:
    """A team's own target is nothing that anybody was promised."""
    if in_hours:
        return _("%(metric)s: %(target)s of %(hours)s, allowed by %(policy)s; it counts from %(from)s.")
    return _("%(metric)s: %(target)s round the clock, allowed by %(policy)s; it counts from %(from)s.")


def _standing(clock: Clock, told: Statement, now: datetime) -> str:
    account = told.account
    values = {
        "used": exact(told.used),
        "left": exact(told.left),
        "due": f"{clock_text(told.due_at, now)}",
        "end": clock_text(account.until, now),
    }
    if clock.state == ClockState.CANCELLED:
        return _("It does not apply any more since %(end)s; %(used)s had been counted.") % values
    if account.state == SegmentKind.PAUSED:
        return _("%(used)s are counted and %(left)s are kept. While it is paused there is no due time.") % values
    if account.state == SegmentKind.STOPPED:
        return _stopped(clock, account.missed_at is not None) % values
    if account.remaining.total_seconds() > 0:
        return _("%(used)s are counted and %(left)s are left, so it is due %(due)s.") % values
    return _("%(used)s are counted, %(left)s more than promised: it was due %(due)s.") % values


def _stopped(clock: Clock, missed: bool) -> str:
    internal = clock.is_internal
    if missed and not internal and not has_come(clock):
        return _("Never came: it ended %(end)s after %(used)s. It was due %(due)s.")
    if internal and missed:
        return _("Out of the team’s hands %(end)s after %(used)s, which is %(left)s too long. It was due %(due)s.")
    if internal:
        return _("Out of the team’s hands %(end)s after %(used)s; %(left)s were left.")
    if missed:
        return _("Answered %(end)s after %(used)s, which is %(left)s late. It was due %(due)s.")
    return _("Kept %(end)s after %(used)s; %(left)s were left.")


def sums(told: Statement) -> list[tuple[str, str]]:
    target = exact(told.account.target)
    sums = [(_("Used of %(target)s") % {"target": target}, exact(told.used))]
    if told.account.paused:
        sums.append((_("Working time that went by in pauses"), exact(told.account.paused)))
    over = told.left.total_seconds() < 0
    return [*sums, (_("Over the target") if over else _("Left"), exact(told.left))]


def last_line(clock: Clock, told: Statement) -> tuple[str, str]:
    if told.due_at is None or clock.state == ClockState.CANCELLED:
        return "", ""
    due = f"{exact_day(told.due_at)}, {exact_clock(told.due_at)}"
    if not told.ahead:
        return _("Was due when %(target)s were used") % {"target": exact(told.account.target)}, due
    if clock.is_stopped:
        return _("Would have been due"), due
    values = {"now": exact_clock(told.account.until), "left": exact(told.left)}
    return _("%(now)s + %(left)s of counted time = due") % values, due
