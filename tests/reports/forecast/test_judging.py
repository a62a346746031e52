"""A forecast is judged beside the order of time left, at the same flagged share."""

import numpy as np
import pytest

from reports.forecast.judging import Verdict, flagged, judge, tenths, verdict


def test_each_moment_flags_its_own_highest_and_no_more_than_the_share() -> None:
    at = np.repeat([100, 200], 20)
    scores = np.concatenate([np.arange(20.0), np.arange(20.0)[::-1]])

    flags = flagged(scores, at, share=0.1)

    assert flags.nonzero()[0].tolist() == [18, 19, 20, 21]


def test_a_moment_with_few_flags_one() -> None:
    assert flagged(np.array([0.1, 0.9]), np.array([1, 1]), share=0.1).tolist() == [False, True]


def test_a_verdict_says_how_much_was_found_how_much_was_right_and_how_much_better_than_chance() -> None:
    happened = np.array([True, True, False, False, False, False, False, False, False, False])
    flags = np.array([True, False, True, False, False, False, False, False, False, False])

    assert verdict(flags, happened) == Verdict(recall=0.5, precision=0.5, lift=2.5)


def test_where_nothing_happened_there_is_nothing_to_say() -> None:
    assert verdict(np.array([True]), np.array([False])) == Verdict(None, None, None)


@pytest.mark.parametrize(("chances", "is_better"), [([0.9, 0.1] * 20, True), ([0.1, 0.9] * 20, False)])
def test_what_finds_more_beats_time_left(chances: list[float], is_better: bool) -> None:
    happened = np.array([True, False] * 20)
    at = np.repeat([10, 20, 30, 40], 10)

    judged = judge(
        chances=np.array(chances), hours_left=np.array([5.0, 1.0] * 20), happened=happened, at=at, weeks=(0, 15, 25, 35)
    )

    assert judged.beats_time_left is is_better
    assert len(judged.weeks) == 4


def test_a_single_lucky_week_is_no_proof() -> None:
    happened = np.array([True, False, False, False] * 4)
    at = np.repeat([10, 20, 30, 40], 4)
    hours_left = np.array([2.0, 1.0, 3.0, 4.0] * 1 + [1.0, 2.0, 3.0, 4.0] * 2 + [2.0, 1.0, 3.0, 4.0])
    chances = np.array([0.9, 0.1, 0.1, 0.1] + [0.1, 0.9, 0.1, 0.1] + [0.9, 0.1, 0.1, 0.1] * 2)

    judged = judge(chances=chances, hours_left=hours_left, happened=happened, at=at, weeks=(0, 15, 25, 35))

    assert (judged.model.recall, judged.time_left.recall) == (0.75, 0.5)
    assert not judged.beats_time_left


def test_tenths_set_what_was_foretold_beside_what_came_true() -> None:
    chances = np.linspace(0, 1, 100)

    found = tenths(chances, chances > 0.5)

    assert [one.rows for one in found] == [10] * 10
    assert (found[0].came_true, found[-1].came_true) == (0.0, 1.0)
