"""What is unusual beside the same hour of earlier weeks."""

import pytest

from reports.unusual import Usual, usual


@pytest.mark.parametrize(
    ("now", "earlier", "mark"),
    [
        (9, [8, 10, 9, 9], 0),
        (30, [8, 10, 9, 9], 1),
        (0, [25, 27, 26, 30], -1),
        (2, [0, 0, 0, 0, 0, 0, 0, 0], 0),
        (3, [0, 0, 0, 0], 1),
        (30, [5, 50, 10, 60], 0),
    ],
)
def test_three_spreads_away_is_unusual(now, earlier, mark):
    known = usual(now, earlier)

    assert known is not None
    assert known.mark == mark


def test_with_few_weeks_nothing_is_said():
    assert usual(100, [1, 1, 1]) is None


def test_what_is_usual_is_the_mean():
    assert usual(10, [8, 12, 10, 10]) == Usual(10.0, 0)
