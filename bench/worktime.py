"""How many due times the arithmetic gives in a second: split days, a holiday, and a day with hours of its own."""

import random
import time as timing
from datetime import UTC, date, datetime, time, timedelta

from calendars.worktime import Period, WorkCalendar

QUESTIONS = 200_000
WEEK = [Period(day, *span) for day in range(5) for span in ((time(9), time(12)), (time(13), time(18)))]
EVE = date(2026, 12, 24)


def due_times_a_second() -> float:
    """Of three rounds the middle one, after a first that lays out the years."""
    calendar = WorkCalendar(
        "America/Sao_Paulo", WEEK, [date(2026, 12, 25)], {EVE: (Period(EVE.weekday(), time(9), time(12)),)}
    )
    chance = random.Random(1)
    year = datetime(2026, 1, 1, tzinfo=UTC)
    asked = [
        (year + timedelta(seconds=chance.randrange(360 * 86_400)), timedelta(minutes=chance.randrange(1, 4_000)))
        for _ in range(QUESTIONS)
    ]
    _round(calendar, asked)
    return sorted(_round(calendar, asked) for _ in range(3))[1]


def _round(calendar: WorkCalendar, asked: list[tuple[datetime, timedelta]]) -> float:
    due = calendar.due
    began = timing.perf_counter()
    for start, amount in asked:
        due(start, amount)
    return len(asked) / (timing.perf_counter() - began)
