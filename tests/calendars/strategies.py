"""What the property tests draw: calendars of every shape, around the days on which clocks change."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from calendars.worktime import Period, WorkCalendar
from tests.calendars.oracle import DAY_MINUTES, ORACLE_CASES, QUESTIONS, WEEK_MINUTES, MinuteByMinute

# Half-hour and quarter-hour offsets, half-hour shifts, shifts at midnight, shifts of the zone itself.
ZONES = (
    "America/Sao_Paulo",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Europe/Lisbon",
    "Europe/Moscow",
    "Pacific/Apia",
    "Pacific/Chatham",
    "UTC",
)
ONE_DAY = timedelta(days=1)
Days = dict[date, list[tuple[int, int]]]
_FIRST, _LAST = datetime(2009, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)

oracle_settings = settings(
    max_examples=ORACLE_CASES // QUESTIONS or 60,
    derandomize=not ORACLE_CASES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)

# For what must hold of any answer, whatever the oracle says.
invariant_settings = settings(oracle_settings, max_examples=ORACLE_CASES // QUESTIONS or 20)


@dataclass(frozen=True)
class Twin:
    """One calendar as the code under test has it, and as the oracle does."""

    calendar: WorkCalendar
    oracle: MinuteByMinute
    weekly: int
    """Working minutes in a week without holidays."""


def transitions(zone: str) -> list[datetime]:
    """The hours in which the zone's offset changes."""
    info, found, hour = ZoneInfo(zone), [], timedelta(hours=1)
    day = _FIRST
    while day < _LAST:
        if day.astimezone(info).utcoffset() != (day + 24 * hour).astimezone(info).utcoffset():
            hours = (day + number * hour for number in range(24))
            found += [at for at in hours if at.astimezone(info).utcoffset() != (at + hour).astimezone(info).utcoffset()]
        day += 24 * hour
    return found


_NEW_YEARS = [datetime(2020, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)]
_EVENTS = {zone: transitions(zone) + _NEW_YEARS for zone in ZONES}


@dataclass(frozen=True)
class Scene:
    """A calendar, and an instant near something that may go wrong: a change of the clocks, the turn of a year."""

    start: datetime
    twin: Twin
    chance: Random


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    zone = draw(st.sampled_from(ZONES))
    event = draw(st.sampled_from(_EVENTS[zone]))
    start = event + timedelta(minutes=draw(st.integers(-DAY_MINUTES, 120) | st.integers(-200, 60)))
    return Scene(start, draw(twins(zone, event)), Random(draw(st.integers(0, 2**32))))


@st.composite
def twins(draw: st.DrawFn, zone: str, event: datetime) -> Twin:
    """A calendar of the zone, with holidays and with beginnings and ends of periods near the event."""
    near = event.astimezone(ZoneInfo(zone))
    week = draw(weeks(near.weekday() * DAY_MINUTES + near.hour * 60 + near.minute))
    holidays = {near.date() + timedelta(days=number) for number in draw(st.sets(st.integers(-2, 4), max_size=3))}
    days = draw(own_days(near, week, holidays))
    # A day of which nothing was left is closed.
    holidays |= {day for day, spans in days.items() if not spans}
    days = {day: spans for day, spans in days.items() if spans}
    calendar = WorkCalendar(
        zone,
        [as_period(*period) for period in week],
        holidays,
        {day: tuple(as_period(day.weekday(), *span) for span in spans) for day, spans in days.items()},
    )
    return Twin(calendar, MinuteByMinute(zone, week, holidays, days), sum(length for _, _, length in week))


@st.composite
def own_days(draw: st.DrawFn, near: datetime, week: list[tuple[int, int, int]], holidays: set[date]) -> Days:
    """Days near the event with hours of their own, some on holidays, cut where they would run into a neighbour's."""
    days: Days = {}
    for number in draw(st.sets(st.integers(-2, 4), max_size=3)):
        day = near.date() + timedelta(days=number)
        cuts = sorted(draw(st.sets(st.integers(0, 2 * DAY_MINUTES - 1), min_size=2, max_size=4)))
        spans = zip(cuts[::2], cuts[1::2], strict=False)
        days[day] = [(start, min(end - start, DAY_MINUTES)) for start, end in spans if start < DAY_MINUTES]

    def spans_of(day: date) -> list[tuple[int, int]]:
        usual = (
            [] if day in holidays else [(start, length) for weekday, start, length in week if weekday == day.weekday()]
        )
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


@st.composite
def weeks(draw: st.DrawFn, near: int) -> list[tuple[int, int, int]]:
    """(weekday, start, length) without overlaps: split shifts, night shifts, whole days, the turn of the week."""
    if draw(st.integers(0, 9)) == 0:
        return [(weekday, 0, DAY_MINUTES) for weekday in range(7)]
    anywhere = st.integers(0, WEEK_MINUTES // 30 - 1).map(lambda number: number * 30)
    close_by = st.integers(-100, 100).map(lambda number: (near + number) % WEEK_MINUTES)
    cuts = sorted(draw(st.sets(anywhere, max_size=8)) | draw(st.sets(close_by, min_size=2, max_size=5)))
    cuts = cuts[: len(cuts) // 2 * 2]
    if draw(st.booleans()):
        # From each second cut to the next first: the last one runs past Sunday's midnight.
        cuts = [*cuts[1:], cuts[0] + WEEK_MINUTES]
    return [
        (start // DAY_MINUTES % 7, start % DAY_MINUTES, min(end - start, DAY_MINUTES))
        for start, end in zip(cuts[::2], cuts[1::2], strict=True)
    ]


def as_period(weekday: int, start: int, length: int) -> Period:
    return Period(weekday, _time(start), _time(start + length))


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
