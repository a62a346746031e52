"""Hours as they are written down: weekly periods and the hours of single days, in local wall time.

No Django, no reading of the clock, no time zones: two periods are compared by what a clock on the wall shows.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_MIDNIGHT = time()


def _(sentence: str) -> str:
    """Marks a sentence for translators; whoever shows the error translates its `template`."""
    return sentence


class CalendarError(ValueError):
    """The calendar, or what was asked of it, makes no sense; one sentence, about one `field`."""

    def __init__(self, field: str, template: str, **values: object) -> None:
        self.field = field
        self.template = template
        self.values = values
        super().__init__(template % values)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Working hours that start on a weekday (0 is Monday), in local wall time of whole seconds.

    An end not after the start lies on the next day: 22:00 to 06:00 is a night shift, 00:00 to 00:00 a whole day.
    """

    weekday: int
    start: time
    end: time

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise CalendarError("periods", _("A weekday must be 0 (Monday) to 6 (Sunday)."))
        if any(at.tzinfo or at.microsecond for at in (self.start, self.end)):
            raise CalendarError("periods", _("Start and end must be local times of whole seconds."))

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]} {self.start:%H:%M}–{self.end:%H:%M}"

    def on(self, day: date) -> tuple[datetime, datetime]:
        """Start and end as wall times (naive), when the period starts on that day."""
        end_day = day if self.end > self.start else day + _DAY
        return datetime.combine(day, self.start), datetime.combine(end_day, self.end)


Week = tuple[tuple[Period, ...], ...]
Hours = Mapping[date, tuple[Period, ...]]
_Span = tuple[datetime, datetime, Period]


def by_weekday(periods: Iterable[Period]) -> Week:
    """The periods of each of the seven weekdays, in order."""
    ordered = sorted(periods)
    return tuple(tuple(period for period in ordered if period.weekday == weekday) for weekday in range(7))


def exceptions(holidays: Iterable[date], days: Hours) -> Hours:
    """The dates on which the week does not hold, and their hours: none on a holiday, unless the day has its own."""
    closed: dict[date, tuple[Period, ...]] = dict.fromkeys(holidays, ())
    return closed | {day: tuple(sorted(periods)) for day, periods in days.items()}


def check_week(periods: Collection[Period]) -> None:
    """CalendarError where there is no period, or two overlap, the turn of the week included."""
    if not periods:
        raise CalendarError("periods", _("A calendar needs at least one period of working time."))
    monday = date(2001, 1, 1)
    spans = [(*period.on(monday + period.weekday * _DAY), period) for period in sorted(periods)]
    # The first period comes round again a week later: Sunday's night shift may run into it.
    start, end, first = spans[0]
    for one, other in _overlaps([*spans, (start + _WEEK, end + _WEEK, first)]):
        raise CalendarError("periods", _("The periods %(one)s and %(other)s overlap."), one=one, other=other)


def check_days(week: Week, days: Hours) -> None:
    """CalendarError where the hours of a day in `days` overlap, or a night shift runs from one day into another's.

    `days` are the dates on which the week does not hold, as `exceptions` gives them.
    """
    for day in sorted(day for day, hours in days.items() if hours):
        near = [_spans_of(at, week, days) for at in (day - _DAY, day, day + _DAY)]
        for one, other in _overlaps([span for spans in near for span in spans]):
            sentence = _("Around %(date)s the hours %(one)s and %(other)s overlap.")
            raise CalendarError("days", sentence, date=day.isoformat(), one=one, other=other)


def check_minutes(periods: Iterable[Period], field: str) -> None:
    """CalendarError for a period that ends when it starts: as arithmetic it is a whole day, as input a slip.

    Only 00:00 to 00:00 says what it means. Versions that were kept before are not asked.
    """
    for period in periods:
        if period.start == period.end != _MIDNIGHT:
            raise CalendarError(field, _("%(period)s has 0 minutes; a whole day is 00:00–00:00."), period=period)


def _spans_of(day: date, week: Week, days: Hours) -> list[_Span]:
    return [(*period.on(day), period) for period in days.get(day, week[day.weekday()])]


def _overlaps(spans: Iterable[_Span]) -> Iterator[tuple[Period, Period]]:
    """Neighbours of which the second begins before the first has ended; the spans come in order of their starts."""
    return ((one[2], other[2]) for one, other in pairwise(spans) if one[1] > other[0])
