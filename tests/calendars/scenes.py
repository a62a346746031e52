"""What the oracle is asked about: calendars of every shape, around the days on which clocks change.

All is drawn from seeds. `make test` asks few questions, always the same; ORACLE_CASES=100000 so many of each kind,
with a seed of its own for each run. A difference names its seed, and ORACLE_SEED= asks the same again.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from random import Random
from secrets import token_hex
from types import ModuleType
from zoneinfo import ZoneInfo

from calendars import worktime
from calendars.worktime import Period, WorkCalendar
from tests.calendars.oracle import DAY_MINUTES, MINUTE, WEEK_MINUTES, Days, Film, Hours, Week

# Half-hour and quarter-hour offsets, half-hour and two-hour shifts, shifts at midnight and in Ramadan, shifts of the
# zone itself, one of them by a whole day.
ZONES = (
    "Africa/Casablanca",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/Lisbon",
    "Europe/Moscow",
    "Pacific/Apia",
    "Pacific/Chatham",
    "UTC",
)
FULL = int(os.environ.get("ORACLE_CASES", "0"))
CASES = FULL or 1500
SEED = os.environ.get("ORACLE_SEED") or (token_hex(4) if FULL else "always")
# At full size the processors share a kind of question in so many parts.
PARTS = 8 if FULL else 1
# Questions to one drawn calendar: to count its minutes is what takes the time.
QUESTIONS = 50 if FULL else 25
# At full size, one scene in so many is looked at for most of a year, in which the clocks change both ways.
LONG_EVERY = 100

ONE_DAY = timedelta(days=1)
# The minute of a scene in which the clocks change.
EVENT = DAY_MINUTES
_FIRST, _LAST = datetime(2009, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
_NEW_YEARS = [datetime(2020, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)]
# Hours are put near a change of the clocks as they are in life: at it, or a round number of minutes off.
_ROUND = (-120, -90, -60, -45, -30, -15, 0, 15, 30, 45, 60, 90, 120)


@dataclass(frozen=True, eq=False)
class Scene:
    """A calendar, and days in which something may go wrong: a change of the clocks, the turn of a year."""

    seed: str
    hours: Hours
    origin: datetime
    """Minute 0 of all films of the scene."""
    length: int
    """No question leads further, in minutes."""

    @cached_property
    def film(self) -> Film:
        return self.hours.film(self.origin)

    def chance(self, purpose: str) -> Random:
        return Random(f"{self.seed} {purpose}")

    def spans(self, purpose: str) -> Iterator[tuple[int, int]]:
        """Beginnings and ends of questions: half of them begin near the event, half of them are short."""
        chance = self.chance(purpose)
        for _ in range(QUESTIONS):
            first = near_the_event(chance) if chance.random() < 0.5 else chance.randrange(self.length)
            most = self.length - first
            yield first, first + chance.randint(0, most if chance.random() < 0.5 else min(600, most))


def scenes(purpose: str, part: int = 0, questions: int = CASES, parts: int = PARTS) -> Iterator[Scene]:
    """A part of enough for so many questions, at least; those of `make test` are drawn once for all purposes."""
    for number in range(part, -(-questions // QUESTIONS), parts):
        is_long = bool(FULL) and number % LONG_EVERY == 0
        yield scene(f"{SEED} {purpose if FULL else ''} {number}", is_long=is_long)


@lru_cache(maxsize=100)
def scene(seed: str, *, is_long: bool = False) -> Scene:
    chance = Random(seed)
    zone = chance.choice(ZONES)
    # A long tape takes a while to wind, and is kept: one for a zone.
    event = events(zone)[0] if is_long else chance.choice(events(zone))
    length = (230 if is_long else 4) * DAY_MINUTES
    return Scene(seed, hours(chance, zone, event), event - EVENT * MINUTE, length)


def near_the_event(chance: Random) -> int:
    """A minute of the scene."""
    return EVENT + (chance.randint(-200, 200) if chance.random() < 0.7 else chance.randint(-DAY_MINUTES, DAY_MINUTES))


@lru_cache
def events(zone: str) -> list[datetime]:
    """The hours in which the zone's offset changes, and the turns of two years."""
    info, found, hour = ZoneInfo(zone), [], timedelta(hours=1)
    day = _FIRST
    while day < _LAST:
        if day.astimezone(info).utcoffset() != (day + ONE_DAY).astimezone(info).utcoffset():
            times = (day + number * hour for number in range(24))
            found += [at for at in times if at.astimezone(info).utcoffset() != (at + hour).astimezone(info).utcoffset()]
        day += ONE_DAY
    return [*found, *_NEW_YEARS]


def hours(chance: Random, zone: str, event: datetime) -> Hours:
    """A calendar of the zone, with holidays and with beginnings and ends of periods near the event."""
    near = event.astimezone(ZoneInfo(zone))
    week = _week(chance, near.weekday() * DAY_MINUTES + near.hour * 60 + near.minute)
    holidays = set(_days_near(chance, near.date()))
    days = _own_days(chance, near.date(), week, holidays)
    # A day of which nothing was left is closed.
    holidays |= {day for day, spans in days.items() if not spans}
    return Hours(zone, week, holidays, {day: spans for day, spans in days.items() if spans})


def as_calendar(hours: Hours, module: ModuleType = worktime) -> WorkCalendar:
    """The same hours for the code under test, or for a changed copy of it."""
    days = {day: tuple(_period(day.weekday(), *span) for span in spans) for day, spans in hours.days.items()}
    made: WorkCalendar = module.WorkCalendar(hours.zone, [_period(*one) for one in hours.week], hours.holidays, days)
    return made


def _week(chance: Random, near: int) -> Week:
    """Without overlaps: split shifts, night shifts, whole days, the turn of the week."""
    if chance.random() < 0.1:
        return [(weekday, 0, DAY_MINUTES) for weekday in range(7)]
    anywhere = {30 * chance.randrange(WEEK_MINUTES // 30) for _ in range(chance.randint(0, 8))}
    close_by = chance.sample(range(-100, 101), chance.randint(0, 3)) + chance.sample(_ROUND, 2)
    cuts = sorted(anywhere | {(near + minute) % WEEK_MINUTES for minute in close_by})
    cuts = cuts[: len(cuts) // 2 * 2]
    if chance.random() < 0.5:
        # From each second cut to the next first: the last one runs past Sunday's midnight.
        cuts = [*cuts[1:], cuts[0] + WEEK_MINUTES]
    return [
        (start // DAY_MINUTES % 7, start % DAY_MINUTES, min(end - start, DAY_MINUTES))
        for start, end in zip(cuts[::2], cuts[1::2], strict=True)
    ]


def _days_near(chance: Random, day: date) -> list[date]:
    return [day + number * ONE_DAY for number in chance.sample(range(-2, 5), chance.randint(0, 3))]


def _own_days(chance: Random, near: date, week: Week, holidays: set[date]) -> Days:
    """Days near the event with hours of their own, some on holidays, cut where they would run into a neighbour's."""
    days: Days = {}
    for day in _days_near(chance, near):
        cuts = sorted(chance.sample(range(2 * DAY_MINUTES), chance.randint(2, 4)))
        spans = zip(cuts[::2], cuts[1::2], strict=False)
        days[day] = [(start, min(end - start, DAY_MINUTES)) for start, end in spans if start < DAY_MINUTES]

    def spans_of(day: date) -> list[tuple[int, int]]:
        usual = [] if day in holidays else [(start, length) for on, start, length in week if on == day.weekday()]
        return days.get(day, usual)

    # From the last day to the first: what a day keeps is free of what the days before and after it have.
    for day in sorted(days, reverse=True):
        before = max((start + length for start, length in spans_of(day - ONE_DAY)), default=0) - DAY_MINUTES
        after = min((start for start, _ in spans_of(day + ONE_DAY)), default=DAY_MINUTES) + DAY_MINUTES
        days[day] = _between(days[day], before, after)
    return days


def _between(spans: list[tuple[int, int]], before: int, after: int) -> list[tuple[int, int]]:
    cut = [(max(start, before), min(start + length, after)) for start, length in spans]
    return [(start, end - start) for start, end in cut if start < end and start < DAY_MINUTES]


def _period(weekday: int, start: int, length: int) -> Period:
    return Period(weekday, _time(start), _time(start + length))


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
