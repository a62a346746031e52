"""What the property tests draw: calendars of every shape, around the days on which clocks change."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from calendars.worktime import Period, WorkCalendar
from tests.calendars.oracle import DAY_MINUTES, ORACLE_CASES, WEEK_MINUTES, MinuteByMinute

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
_FIRST, _LAST = datetime(2009, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)

oracle_settings = settings(
    max_examples=ORACLE_CASES or 60,
    derandomize=not ORACLE_CASES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


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


_MOMENTS = {zone: transitions(zone) or [_FIRST] for zone in ZONES}


@st.composite
def moments(draw: st.DrawFn, zone: str) -> datetime:
    """Whole minutes, most of them within two days of a change of the clocks."""
    around = draw(st.sampled_from(_MOMENTS[zone]))
    far = draw(st.sampled_from([0, 0, 0, 0, 61, 200])) * DAY_MINUTES
    return around + timedelta(minutes=far + draw(st.integers(-2 * DAY_MINUTES, DAY_MINUTES)))


@st.composite
def weeks(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    """(weekday, start, length) without overlaps: split shifts, night shifts, whole days, the turn of the week."""
    if draw(st.integers(0, 9)) == 0:
        return [(weekday, 0, DAY_MINUTES) for weekday in range(7)]
    minute = st.one_of(st.integers(0, WEEK_MINUTES - 1), st.integers(0, WEEK_MINUTES // 30 - 1).map(lambda n: n * 30))
    cuts = sorted(draw(st.sets(minute, min_size=2, max_size=24)))
    cuts = cuts[: len(cuts) // 2 * 2]
    if draw(st.booleans()):
        # From each second cut to the next first: the last one runs past Sunday's midnight.
        cuts = [*cuts[1:], cuts[0] + WEEK_MINUTES]
    return [
        (start // DAY_MINUTES % 7, start % DAY_MINUTES, min(end - start, DAY_MINUTES))
        for start, end in zip(cuts[::2], cuts[1::2], strict=True)
    ]


@st.composite
def twins(draw: st.DrawFn, zone: str, near: datetime) -> Twin:
    week = draw(weeks())
    day = near.date()
    holidays = {day + timedelta(days=number) for number in draw(st.sets(st.integers(-2, 4), max_size=3))}
    calendar = WorkCalendar(zone, [as_period(*period) for period in week], holidays)
    return Twin(calendar, MinuteByMinute(zone, week, holidays), sum(length for _, _, length in week))


def as_period(weekday: int, start: int, length: int) -> Period:
    return Period(weekday, _time(start), _time(start + length))


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
