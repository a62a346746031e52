"""Working time counted minute by minute: plain, and without a line of the code under test.

A `Tape` is what a clock on the wall shows, minute after minute. Its *high-water mark* is the latest wall time that it
has shown so far; a minute is working time when the mark stands in a period. So a skipped time counts for nobody, and a
time shown twice counts as shown for the first time, until the clock has caught up with itself.

A `Film` looks at each of those minutes once with the eyes of one calendar, and numbers the working ones. Then any
question is a look into a list: how many lie before a minute, and where the hundredth is. Nothing is computed from
offsets, from the lengths of periods, or from the dates of changes.
"""

from array import array
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
# Further than this no question leads; a film that finds nothing to do in all that time is a mistake in the test.
LONGEST = 400 * DAY_MINUTES

Week = list[tuple[int, int, int]]
Days = dict[date, list[tuple[int, int]]]


def number_of(day: date) -> int:
    """Days since a Monday long ago: divided by seven, the rest is the weekday."""
    return day.toordinal() - 1


class Tape:
    """The mark at every minute from `start` on, as minutes since that Monday; wound on when more is asked for."""

    def __init__(self, zone: str, start: datetime) -> None:
        self.marks = array("i")
        self._zone = ZoneInfo(zone)
        # Long enough before to have seen whatever the clock was put back over.
        self._at, self._mark = start.astimezone(UTC) - timedelta(hours=5), 0
        self.wind(5 * 60)
        del self.marks[:]

    def wind(self, minutes: int) -> None:
        at, mark, zone, keep, minute = self._at, self._mark, self._zone, self.marks.append, MINUTE
        for _ in range(minutes):
            wall = at.astimezone(zone)
            shown = (wall.toordinal() - 1) * 1440 + wall.hour * 60 + wall.minute
            if shown > mark:
                mark = shown
            keep(mark)
            at += minute
        self._at, self._mark = at, mark


@lru_cache(maxsize=600)
def tape(zone: str, start: datetime) -> Tape:
    return Tape(zone, start)


@dataclass(frozen=True)
class Hours:
    """`week` has (weekday, start, length), both in minutes of the wall clock; each of `days` has (start, length)."""

    zone: str
    week: Week
    holidays: set[date] = field(default_factory=set)
    days: Days = field(default_factory=dict)

    @property
    def weekly(self) -> int:
        """Working minutes in a week without holidays."""
        return sum(length for _, _, length in self.week)

    def film(self, start: datetime) -> "Film":
        """From a whole minute on."""
        return Film(tape(self.zone, start), start, self)


class Film:
    """The minutes of one calendar from `start` on, each looked at once; minute 0 is the first."""

    def __init__(self, tape: Tape, start: datetime, hours: Hours) -> None:
        self.start = start
        self._tape = tape
        self._before = array("i", [0])
        self._working = array("i")
        # For each minute of the week: how many days earlier the period in it began.
        self._days_back = {
            (weekday * DAY_MINUTES + minute) % WEEK_MINUTES: minute // DAY_MINUTES
            for weekday, begins, length in hours.week
            for minute in range(begins, begins + length)
        }
        self._not_as_usual = {number_of(day) for day in hours.holidays | set(hours.days)}
        # The working minutes that the days of their own bring, each as the wall clock shows it.
        self._extra = {
            number_of(day) * DAY_MINUTES + minute
            for day, spans in hours.days.items()
            for begins, length in spans
            for minute in range(begins, begins + length)
        }

    def at(self, minute: int) -> datetime:
        return self.start + minute * MINUTE

    def before(self, minute: int) -> int:
        """How many working minutes lie before this one."""
        if minute >= len(self._before):
            self._wind(minute)
        return self._before[minute]

    def worked(self, first: int, last: int) -> int:
        return self.before(last) - self.before(first)

    def due(self, first: int, amount: int) -> int:
        """The end of the last of so many working minutes."""
        return self._place(self.before(first) + amount - 1) + 1

    def next_open(self, first: int) -> int:
        """The first working minute, not before `first`."""
        return self._place(self.before(first))

    def _place(self, number: int) -> int:
        while number >= len(self._working):
            self._wind(len(self._before))
        return self._working[number]

    def _wind(self, minute: int) -> None:
        """To the end of that minute's day."""
        seen = len(self._before) - 1
        until = (minute // DAY_MINUTES + 1) * DAY_MINUTES
        if until > LONGEST:
            raise LookupError("The film is over, and the question has no answer.")
        self._tape.wind(max(0, until - len(self._tape.marks)))
        days_back, not_as_usual, extra = self._days_back.get, self._not_as_usual, self._extra
        for place, mark in enumerate(self._tape.marks[seen:until], start=seen):
            back = days_back(mark % WEEK_MINUTES)
            usual = back is not None and mark // DAY_MINUTES - back not in not_as_usual
            if usual or mark in extra:
                self._working.append(place)
            self._before.append(len(self._working))


class EveryMinute(Film):
    """Round the clock, on any day."""

    def __init__(self, start: datetime) -> None:
        self.start = start

    def before(self, minute: int) -> int:
        return minute

    def _place(self, number: int) -> int:
        return number
