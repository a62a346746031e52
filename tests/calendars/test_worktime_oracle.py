"""`worktime` against an oracle that counts minutes."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.calendars.oracle import DAY_MINUTES, MINUTE
from tests.calendars.strategies import Scene, invariant_settings, oracle_settings, scenes

spans = st.integers(0, 3 * DAY_MINUTES) | st.integers(0, 300)


@oracle_settings
@given(scenes(), st.integers(1, DAY_MINUTES) | st.integers(1, 120))
def test_a_due_time_is_where_the_minutes_have_been_counted(scene: Scene, amount: int) -> None:
    amount = min(amount, scene.twin.weekly)

    assert scene.twin.calendar.due(scene.start, amount * MINUTE) == scene.twin.oracle.due(scene.start, amount)


@oracle_settings
@given(scenes(), spans)
def test_a_due_time_of_all_the_work_of_a_span_is_in_the_span(scene: Scene, span: int) -> None:
    amount = scene.twin.oracle.worked(scene.start, scene.start + span * MINUTE)

    due = scene.twin.calendar.due(scene.start, amount * MINUTE)

    assert due == (scene.twin.oracle.due(scene.start, amount) if amount else scene.start)


@oracle_settings
@given(scenes(), spans)
def test_working_time_between_two_instants_is_the_count_of_its_minutes(scene: Scene, span: int) -> None:
    start, end, calendar = scene.start, scene.start + span * MINUTE, scene.twin.calendar

    intervals = list(calendar.intervals(start, end))

    expected = scene.twin.oracle.worked(start, end) * MINUTE
    assert calendar.worked(start, end) == expected
    assert sum((to - from_ for from_, to in intervals), timedelta()) == expected
    assert all(start <= from_ < to <= end for from_, to in intervals)
    assert all(earlier.to < later.from_ for earlier, later in pairwise(intervals))


@oracle_settings
@given(scenes())
def test_the_next_opening_is_the_first_working_minute(scene: Scene) -> None:
    assert scene.twin.calendar.next_open(scene.start) == scene.twin.oracle.next_open(scene.start)


@invariant_settings
@given(scenes(), st.integers(0, 59_999_999), st.integers(1, 90 * 24 * 3_600_000_000))
def test_a_due_time_and_the_time_worked_until_then_agree_to_the_microsecond(scene: Scene, late: int, long: int) -> None:
    tick = timedelta(microseconds=1)
    start, calendar = scene.start + late * tick, scene.twin.calendar
    # Sparse weeks would need decades for the longest of these.
    amount = min(long * tick, 40 * scene.twin.weekly * MINUTE)

    due = calendar.due(start, amount)

    assert calendar.worked(start, due) == amount
    assert calendar.worked(start, due - tick) == amount - tick
