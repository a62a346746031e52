"""`worktime` against an oracle that counts minutes."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.calendars.oracle import DAY_MINUTES, MINUTE
from tests.calendars.strategies import ZONES, moments, oracle_settings, twins


@oracle_settings
@given(st.data())
def test_a_due_time_is_where_the_minutes_have_been_counted(data: st.DataObject) -> None:
    zone = data.draw(st.sampled_from(ZONES))
    start = data.draw(moments(zone))
    twin = data.draw(twins(zone, start))
    amount = data.draw(st.integers(1, min(DAY_MINUTES, twin.weekly)))

    assert twin.calendar.due(start, amount * MINUTE) == twin.oracle.due(start, amount)


@oracle_settings
@given(st.data())
def test_working_time_between_two_instants_is_the_count_of_its_minutes(data: st.DataObject) -> None:
    zone = data.draw(st.sampled_from(ZONES))
    start = data.draw(moments(zone))
    twin = data.draw(twins(zone, start))
    end = start + data.draw(st.integers(0, 3 * DAY_MINUTES)) * MINUTE

    intervals = list(twin.calendar.intervals(start, end))

    expected = twin.oracle.worked(start, end) * MINUTE
    assert twin.calendar.worked(start, end) == expected
    assert sum((to - from_ for from_, to in intervals), timedelta()) == expected
    assert all(start <= from_ < to <= end for from_, to in intervals)
    assert all(earlier.to < later.from_ for earlier, later in pairwise(intervals))


@oracle_settings
@given(st.data())
def test_the_next_opening_is_the_first_working_minute(data: st.DataObject) -> None:
    zone = data.draw(st.sampled_from(ZONES))
    start = data.draw(moments(zone))
    twin = data.draw(twins(zone, start))

    assert twin.calendar.next_open(start) == twin.oracle.next_open(start)


@oracle_settings
@given(st.data())
def test_a_due_time_and_the_time_worked_until_then_agree_to_the_microsecond(data: st.DataObject) -> None:
    zone = data.draw(st.sampled_from(ZONES))
    start = data.draw(moments(zone)) + timedelta(microseconds=data.draw(st.integers(0, 59_999_999)))
    twin = data.draw(twins(zone, start))
    amount = timedelta(microseconds=data.draw(st.integers(1, 90 * 24 * 3_600_000_000)))
    # Sparse weeks would need decades for the longest of these.
    amount = min(amount, 40 * twin.weekly * MINUTE)

    due = twin.calendar.due(start, amount)

    assert twin.calendar.worked(start, due) == amount
    assert twin.calendar.worked(start, due - timedelta(microseconds=1)) == amount - timedelta(microseconds=1)
