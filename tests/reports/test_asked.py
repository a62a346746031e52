"""The days of a report, as a calendar has them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from common.errors import InvalidInput
from reports.asked import Span, Step, step_of

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
BERLIN = ZoneInfo("Europe/Berlin")


def test_a_day_is_whole_in_the_readers_zone() -> None:
    span = Span(date(2026, 11, 2), date(2026, 11, 2), SAO_PAULO)

    assert (span.since, span.until) == (datetime(2026, 11, 2, 3, tzinfo=UTC), datetime(2026, 11, 3, 3, tzinfo=UTC))


def test_a_day_on_which_the_clocks_go_back_has_an_hour_more() -> None:
    span = Span(date(2026, 10, 25), date(2026, 10, 25), BERLIN)

    assert (span.until.astimezone(UTC) - span.since.astimezone(UTC)).total_seconds() == 25 * 3600


@pytest.mark.parametrize(
    ("first", "last", "step", "count"),
    [
        (date(2026, 11, 2), date(2026, 11, 2), Step.DAY, 1),
        (date(2026, 11, 1), date(2026, 11, 30), Step.DAY, 30),
        (date(2026, 8, 1), date(2026, 11, 19), Step.WEEK, 17),
        (date(2025, 1, 15), date(2026, 11, 19), Step.MONTH, 23),
    ],
)
def test_the_longer_the_time_the_coarser_its_steps(first: date, last: date, step: Step, count: int) -> None:
    span = Span(first, last, BERLIN)

    steps = span.steps()

    assert (span.step, len(steps), steps[0], steps[-1]) == (step, count, step_of(first, step), step_of(last, step))


def test_the_year_before_has_the_same_weekdays() -> None:
    span = Span(date(2026, 8, 3), date(2026, 11, 19), BERLIN)

    earlier = span.year_before()

    assert (earlier.days, earlier.first.weekday()) == (span.days, span.first.weekday())


@pytest.mark.parametrize(
    ("first", "last"), [(date(2026, 11, 3), date(2026, 11, 2)), (date(2006, 1, 1), date(2026, 1, 1))]
)
def test_days_the_wrong_way_round_and_twenty_years_are_refused_in_a_sentence(first: date, last: date) -> None:
    with pytest.raises(InvalidInput) as refused:
        Span(first, last, BERLIN)

    assert len(refused.value.errors) == 1
