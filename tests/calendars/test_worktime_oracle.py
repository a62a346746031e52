"""`worktime` against an oracle that counts minutes."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.calendars.oracle import DAY_MINUTES, MINUTE, QUESTIONS, Film
from tests.calendars.strategies import Scene, invariant_settings, oracle_settings, scenes


@oracle_settings
@given(scenes())
def test_a_due_time_is_where_the_minutes_have_been_counted(scene: Scene) -> None:
    film = take(scene)

    for first, last in spans(scene, film):
        # The work of a random span ends as often as not at the end of a period.
        amount = film.worked(first, last) or film.worked(first, film.length)
        if amount:
            assert scene.twin.calendar.due(film.at(first), amount * MINUTE) == film.due(first, amount)


@oracle_settings
@given(scenes())
def test_working_time_between_two_instants_is_the_count_of_its_minutes(scene: Scene) -> None:
    film, calendar = take(scene), scene.twin.calendar

    for first, last in spans(scene, film):
        start, end, expected = film.at(first), film.at(last), film.worked(first, last) * MINUTE
        intervals = list(calendar.intervals(start, end))
        assert calendar.worked(start, end) == expected
        assert sum((to - from_ for from_, to in intervals), timedelta()) == expected
        assert all(start <= from_ < to <= end for from_, to in intervals)
        assert all(earlier.to < later.from_ for earlier, later in pairwise(intervals))


@oracle_settings
@given(scenes())
def test_the_next_opening_is_the_first_working_minute(scene: Scene) -> None:
    film = take(scene)

    for first, _ in spans(scene, film):
        expected = film.next_open(first)
        opening = scene.twin.calendar.next_open(film.at(first))
        assert opening == expected if expected else opening >= film.at(film.length)


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


def take(scene: Scene) -> Film:
    return scene.twin.oracle.film(scene.start, 3 * DAY_MINUTES)


def spans(scene: Scene, film: Film) -> Iterator[tuple[int, int]]:
    for _ in range(QUESTIONS):
        first = scene.chance.randrange(film.length)
        yield first, scene.chance.randint(first, film.length)
