"""When something that comes daily, weekly or monthly at an hour comes next, in its owner's zone. Pure."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reports.enums import Every

LAST_DAY = 31


def next_after(moment: datetime, *, every: Every, day: int, hour: int, zone: ZoneInfo) -> datetime:
    """The first such moment after another one, in UTC.

    `day` is a weekday (Monday is 0) of a weekly one, a day of the month of a monthly one, whose shorter months end with
    it. An hour that the clocks leave out comes as they go on; one that comes twice is the first of the two.
    """
    today = moment.astimezone(zone).date()
    for ahead in range(2 * LAST_DAY + 1):
        when = today + timedelta(days=ahead)
        at = datetime.combine(when, time(hour), zone).astimezone(UTC)
        if _is_day(when, every, day) and at > moment:
            return at
    raise ValueError(every)


def _is_day(when: date, every: Every, day: int) -> bool:
    if every is Every.DAY:
        return True
    if every is Every.WEEK:
        return when.weekday() == day
    return every is Every.MONTH and when.day == min(day, monthrange(when.year, when.month)[1])
