"""Working time counted minute by minute: slow, plain, and without a line of the code under test.

It looks at the local clock at every minute. The clock's *high-water mark* is the latest wall time it has shown so
far; a minute is working time when the mark stands in a period. So a skipped time counts for nobody, and a time
shown twice counts as shown for the first time, until the clock has caught up with itself.
"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, islice
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES

# ORACLE_CASES=100000 asks so many freshly drawn questions for each property; otherwise few, and always the same.
ORACLE_CASES = int(os.environ.get("ORACLE_CASES", "0"))
# Questions to one drawn calendar: to draw it and to count its minutes is what takes the time.
QUESTIONS = 25


class MinuteByMinute:
    """`periods` are (weekday, start, length), both in minutes of the wall clock; those of `days` (start, length)."""

    def __init__(
        self,
        zone: str,
        periods: list[tuple[int, int, int]],
        holidays: set[date],
        days: dict[date, list[tuple[int, int]]] | None = None,
    ) -> None:
        self.zone = ZoneInfo(zone)
        self.days = days or {}
        self.holidays = holidays | set(self.days)
        # The working minutes that the days of their own bring, each as the wall clock shows it.
        self.extra = {
            datetime.combine(day, time()) + minute * MINUTE
            for day, spans in self.days.items()
            for start, length in spans
            for minute in range(start, start + length)
        }
        # For each minute of the week: how many days earlier the period in it began.
        self.days_back: dict[int, int] = {}
        for weekday, start, length in periods:
            for minute in range(start, start + length):
                self.days_back[(weekday * DAY_MINUTES + minute) % WEEK_MINUTES] = minute // DAY_MINUTES

    def minutes(self, start: datetime) -> Iterator[tuple[datetime, bool]]:
        """Every minute from `start` on, and whether it is working time."""
        # Long enough to have seen whatever the clock was put back over.
        at = start.astimezone(UTC) - timedelta(hours=3)
        mark = at.astimezone(self.zone)
        while True:
            # Two times of one zone are compared by what the clock on the wall shows.
            mark = max(mark, at.astimezone(self.zone))
            if at >= start:
                yield at, self._works(mark)
            at += MINUTE

    def film(self, start: datetime, length: int) -> "Film":
        """So many minutes from `start` on."""
        return Film(start, [works for _, works in islice(self.minutes(start), length)])

    def _works(self, mark: datetime) -> bool:
        minute = mark.weekday() * DAY_MINUTES + mark.hour * 60 + mark.minute
        if self.extra and mark.replace(tzinfo=None, fold=0, second=0, microsecond=0) in self.extra:
            return True
        back = self.days_back.get(minute)
        return back is not None and mark.date() - timedelta(days=back) not in self.holidays


class Film:
    """A stretch of minutes, each looked at once, of which much can be asked."""

    def __init__(self, start: datetime, working: list[bool]) -> None:
        self.start = start
        self.length = len(working)
        # How many working minutes lie before each minute, and before the end.
        self.passed = list(accumulate(working, initial=0))

    def at(self, minute: int) -> datetime:
        return self.start + minute * MINUTE

    def worked(self, first: int, last: int) -> int:
        return self.passed[last] - self.passed[first]

    def due(self, first: int, amount: int) -> datetime:
        """The end of the last of so many working minutes."""
        return self.at(self.passed.index(self.passed[first] + amount, first))

    def next_open(self, first: int) -> datetime | None:
        later = (minute for minute in range(first, self.length) if self.passed[minute + 1] > self.passed[minute])
        return next((self.at(minute) for minute in later), None)
