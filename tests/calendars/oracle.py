"""Working time counted minute by minute: slow, plain, and without a line of the code under test.

It looks at the local clock at every minute. The clock's *high-water mark* is the latest wall time it has shown so
far; a minute is working time when the mark stands in a period. So a skipped time counts for nobody, and a time
shown twice counts as shown for the first time, until the clock has caught up with itself.
"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES

# ORACLE_CASES=100000 runs that many cases of every property, freshly drawn; otherwise few, and always the same.
ORACLE_CASES = int(os.environ.get("ORACLE_CASES", "0"))


class MinuteByMinute:
    """`periods` are (weekday, start, length), both in minutes of the wall clock."""

    def __init__(self, zone: str, periods: list[tuple[int, int, int]], holidays: set[date]) -> None:
        self.zone = ZoneInfo(zone)
        self.holidays = holidays
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

    def due(self, start: datetime, amount: int) -> datetime:
        """The end of the last of so many working minutes."""
        working = (at for at, works in self.minutes(start) if works)
        return next(islice(working, amount - 1, None)) + MINUTE

    def worked(self, start: datetime, end: datetime) -> int:
        until_end = takewhile(lambda minute: minute[0] < end, self.minutes(start))
        return sum(works for _, works in until_end)

    def next_open(self, start: datetime) -> datetime:
        return next(at for at, works in self.minutes(start) if works)

    def _works(self, mark: datetime) -> bool:
        minute = mark.weekday() * DAY_MINUTES + mark.hour * 60 + mark.minute
        back = self.days_back.get(minute)
        return back is not None and mark.date() - timedelta(days=back) not in self.holidays
