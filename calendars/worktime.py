"""Working time, as arithmetic on instants.

Working hours are written in local wall time; everything computed from them is a UTC instant, so that a target
of four hours takes four real working hours on the days when the clocks change, too.

From wall time to instant there is one rule: *a wall time stands for the first instant at which the local clock
shows it, or a later time*. So a time that the clocks skip is the instant of the skip, and a time that occurs
twice is its first occurrence. The rule keeps the order: periods that touch on paper touch in fact, periods that
do not overlap never do, and no period is cut in two.

A holiday closes the periods that start on its local date. A shift that began the evening before runs on to its
end, and a shift that begins on the holiday's evening does not take place, on neither side of midnight. A day with
hours of its own has those that start on it instead of the week's, whether it is a holiday or not.

The hours are laid out year by year (UTC years) when first asked for, and kept; a question is then one or two
bisections. A calendar is immutable and may be shared by threads: two that lay out the same year at once do the
same work twice, and no harm.

No Django, no reading of the clock. Instants are aware datetimes of any zone; answers are in UTC.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo, available_timezones

from calendars.periods import CalendarError as CalendarError
from calendars.periods import Period as Period
from calendars.periods import _, by_weekday, check_days, check_week, exceptions

FIRST_YEAR, LAST_YEAR = 1900, 9000
# A target that takes longer than this is a mistake in the calendar or in the target.
WALK_YEARS = 50

# Laid-out years that a calendar keeps; a bound for questions about every year there is.
KEPT_YEARS = 128
_DAY = timedelta(days=1)
_NOTHING = timedelta()
_SECOND = timedelta(seconds=1)


class Interval(NamedTuple):
    """Working time without a gap, from one UTC instant up to, but without, another."""

    from_: datetime
    to: datetime


class WorkTime(Protocol):
    """What can be asked of a calendar; `WorkCalendar` and `ALWAYS` answer it."""

    def due(self, start: datetime, amount: timedelta) -> datetime:
        """The instant at which `amount` of working time has passed since `start`; `start` itself for nothing."""

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """The working time between two instants; nothing when `end` is not after `start`."""

    def intervals(self, start: datetime, end: datetime) -> Iterator[Interval]:
        """The working time between two instants, in order, merged where it touches."""

    def next_open(self, at: datetime) -> datetime:
        """`at` when that is working time, else the instant at which the next working time begins."""

    def days_after(self, start: datetime, days: int) -> datetime:
        """The end of the working time on the so manieth working day (1 or more) after the local day of `start`."""


class Always:
    """Round the clock, without holidays."""

    def due(self, start: datetime, amount: timedelta) -> datetime:
        if amount < _NOTHING:
            raise _negative()
        try:
            return _utc(start) + amount
        except OverflowError:
            raise _outside() from None

    def worked(self, start: datetime, end: datetime) -> timedelta:
        return max(_utc(end) - _utc(start), _NOTHING)

    def intervals(self, start: datetime, end: datetime) -> Iterator[Interval]:
        if _utc(end) > _utc(start):
            yield Interval(_utc(start), _utc(end))

    def next_open(self, at: datetime) -> datetime:
        return _utc(at)

    def days_after(self, start: datetime, days: int) -> datetime:
        """It has no local days: as many times 24 hours."""
        return self.due(start, days * _DAY)

    def __repr__(self) -> str:
        return "ALWAYS"


ALWAYS = Always()


class WorkCalendar:
    """Weekly working hours in a time zone, less holidays, and with days that have hours of their own.

    CalendarError for an unknown zone, no working time, or periods that overlap. Prefer `work_calendar()`, which
    returns the same prepared object for the same content.
    """

    def __init__(
        self,
        time_zone: str,
        periods: Iterable[Period],
        holidays: Iterable[date] = (),
        days: Mapping[date, tuple[Period, ...]] | None = None,
    ) -> None:
        self.time_zone = known_zone(time_zone)
        self.periods = tuple(sorted(periods))
        self.holidays = frozenset(holidays)
        check_week(self.periods)
        self._week = by_weekday(self.periods)
        self._exceptions = exceptions(self.holidays, days or {})
        check_days(self._week, self._exceptions)
        self._zone = ZoneInfo(time_zone)
        self._years: dict[int, _Year] = {}

    def due(self, start: datetime, amount: timedelta) -> datetime:
        """CalendarError when the answer is over fifty years off, or beyond a whole year without working time."""
        at = _utc(start)
        if amount <= _NOTHING:
            if amount < _NOTHING:
                raise _negative()
            return at
        year = self._year(at.year)
        left = year.worked_until(at) + amount
        while left > year.total:
            left -= year.total
            year = self._year_after(year, at)
        return year.at_amount(left)

    def worked(self, start: datetime, end: datetime) -> timedelta:
        first, last = _utc(start), _utc(end)
        if last <= first:
            return _NOTHING
        worked = self._year(last.year).worked_until(last) - self._year(first.year).worked_until(first)
        for number in range(first.year, last.year):
            worked += self._year(number).total
        return worked

    def intervals(self, start: datetime, end: datetime) -> Iterator[Interval]:
        first, last = _utc(start), _utc(end)
        if last <= first:
            return
        kept: Interval | None = None
        for number in range(first.year, last.year + 1):
            for part in self._year(number).between(first, last):
                if kept and kept.to == part.from_:
                    kept = Interval(kept.from_, part.to)
                    continue
                if kept:
                    yield kept
                kept = part
        if kept:
            yield kept

    def next_open(self, at: datetime) -> datetime:
        """CalendarError when it lies beyond a whole year without working time."""
        moment = _utc(at)
        year = self._year(moment.year)
        while (opening := year.next_open(moment)) is None:
            year = self._year_after(year, moment)
        return opening

    def days_after(self, start: datetime, days: int) -> datetime:
        """CalendarError when so many working days take more than fifty years."""
        first = day = start.astimezone(self._zone).date()
        left = days
        while left:
            day += _DAY
            if day.year - first.year > WALK_YEARS:
                raise _too_far()
            left -= bool(self.on(day))
        return max(_instant(period.on(day)[1], self._zone) for period in self.on(day))

    def on(self, day: date) -> tuple[Period, ...]:
        """The periods that start on a local date."""
        return self._exceptions.get(day, self._week[day.weekday()])

    def __repr__(self) -> str:
        return f"<WorkCalendar {self.time_zone}, {len(self.periods)} periods, {len(self.holidays)} holidays>"

    def _year_after(self, year: "_Year", start: datetime) -> "_Year":
        """The next year of a walk that began at `start`; this is what makes every walk end."""
        following = self._year(year.number + 1)
        if not following.total:
            raise CalendarError("holidays", _("All of %(year)d is without working time."), year=following.number)
        if following.number - start.year > WALK_YEARS:
            raise _too_far()
        return following

    def _year(self, number: int) -> "_Year":
        year = self._years.get(number)
        if year is None:
            if len(self._years) >= KEPT_YEARS:
                self._years.clear()
            year = self._years[number] = self._lay_out(number)
        return year

    def _lay_out(self, number: int) -> "_Year":
        if not FIRST_YEAR <= number <= LAST_YEAR:
            raise _outside()
        begins, ends = datetime(number, 1, 1, tzinfo=UTC), datetime(number + 1, 1, 1, tzinfo=UTC)
        opened: list[datetime] = []
        closed: list[datetime] = []
        for from_, to in self._walk(begins, ends):
            from_, to = max(from_, begins), min(to, ends)
            if from_ >= to:
                continue
            if closed and closed[-1] == from_:
                closed[-1] = to
            else:
                opened.append(from_)
                closed.append(to)
        return _Year(number, opened, closed)

    def _walk(self, begins: datetime, ends: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Every period of the days that can touch the span: a zone is up to 26 h away, a shift up to 24 h long."""
        day, last = begins.date() - 3 * _DAY, ends.date() + 2 * _DAY
        while day <= last:
            for period in self.on(day):
                start, end = period.on(day)
                yield _instant(start, self._zone), _instant(end, self._zone)
            day += _DAY


class _Year:
    """The working time of one UTC year: when it opens and closes, and how much has passed by then."""

    __slots__ = ("closed", "number", "opened", "passed", "passed_after", "total")

    def __init__(self, number: int, opened: list[datetime], closed: list[datetime]) -> None:
        self.number = number
        self.opened = opened
        self.closed = closed
        self.passed: list[timedelta] = []
        self.passed_after: list[timedelta] = []
        self.total = _NOTHING
        for from_, to in zip(opened, closed, strict=True):
            self.passed.append(self.total)
            self.total += to - from_
            self.passed_after.append(self.total)

    def worked_until(self, at: datetime) -> timedelta:
        """The working time from the beginning of the year up to `at`."""
        index = bisect_right(self.opened, at) - 1
        if index < 0:
            return _NOTHING
        if at >= self.closed[index]:
            return self.passed_after[index]
        return self.passed[index] + (at - self.opened[index])

    def at_amount(self, amount: timedelta) -> datetime:
        """The first instant by which `amount` (more than nothing, no more than `total`) has passed."""
        index = bisect_left(self.passed_after, amount)
        return self.opened[index] + (amount - self.passed[index])

    def between(self, start: datetime, end: datetime) -> Iterator[Interval]:
        for index in range(bisect_right(self.closed, start), bisect_left(self.opened, end)):
            yield Interval(max(self.opened[index], start), min(self.closed[index], end))

    def next_open(self, at: datetime) -> datetime | None:
        index = bisect_right(self.closed, at)
        return max(self.opened[index], at) if index < len(self.opened) else None


@lru_cache(maxsize=512)
def work_calendar(
    time_zone: str,
    periods: tuple[Period, ...],
    holidays: frozenset[date],
    days: frozenset[tuple[date, tuple[Period, ...]]] = frozenset(),
) -> WorkCalendar:
    """The prepared calendar of this content, shared by all who ask for it."""
    return WorkCalendar(time_zone, periods, holidays, dict(days))


def known_zone(name: str) -> str:
    """The name itself, when there is such a zone; else CalendarError."""
    if name not in _zones():
        raise CalendarError("time_zone", _("There is no time zone of the name “%(name)s”."), name=name[:60])
    return name


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant (UTC) at which the zone's clock shows the naive `wall`, or a later time."""
    before = zone.utcoffset(wall) or _NOTHING
    after = zone.utcoffset(wall.replace(fold=1)) or _NOTHING
    aware = wall.replace(tzinfo=UTC)
    if before >= after:
        return aware - before
    # The clocks skip this time. PEP 495: fold=0 takes the offset before the skip, fold=1 the one after it,
    # and the skip lies between the two instants which that gives.
    return _skip_between(aware - after, aware - before, zone, after)


def _skip_between(early: datetime, late: datetime, zone: ZoneInfo, after: timedelta) -> datetime:
    while late - early > _SECOND:
        middle = early + (late - early) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).utcoffset() == after:
            late = middle
        else:
            early = middle
    return late


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    # Not places: a link to the machine's own zone, and the placeholder of a machine that was never set up.
    return frozenset(available_timezones() - {"localtime", "Factory"})


def _utc(at: datetime) -> datetime:
    if at.tzinfo is UTC:
        return at
    if at.tzinfo is None:
        raise ValueError("An instant needs a time zone.")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise _outside() from None


def _negative() -> ValueError:
    return ValueError("An amount of working time cannot be negative.")


def _too_far() -> CalendarError:
    return CalendarError("periods", _("The calendar has too little working time to reach that moment."))


def _outside() -> CalendarError:
    sentence = _("That time lies outside the years %(first)d to %(last)d.")
    return CalendarError("start", sentence, first=FIRST_YEAR, last=LAST_YEAR)
