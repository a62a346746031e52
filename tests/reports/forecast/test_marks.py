"""What is asked of the past is answered from before the moment, and equals counting one by one."""

import random
from math import isnan

import numpy as np
import pytest

from reports.forecast.marks import Marks


@pytest.mark.parametrize("seed", range(60))
def test_counting_equals_counting_one_by_one(seed: int) -> None:
    dice = random.Random(seed)
    rows = [(dice.randrange(5), dice.randrange(50), dice.randrange(9)) for _ in range(dice.randrange(30))]
    marks = Marks.of([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])
    place, at = dice.randrange(6), dice.randrange(60)
    before = sorted((row for row in rows if row[0] == place and row[1] < at), key=lambda row: row[1])

    asked = np.array([place]), np.array([at])
    count, last, value = marks.count(*asked)[0], marks.last(*asked)[0], marks.value(*asked)[0]

    assert count == len(before)
    assert isnan(last) if not before else last == before[-1][1]
    assert isnan(value) if not before else value == before[-1][2]


def test_what_happens_in_the_very_moment_is_not_known_yet() -> None:
    marks = Marks.of([0], [10], [7])

    known = [float(marks.value(np.array([0]), np.array([at]))[0]) for at in (10, 11)]

    assert isnan(known[0])
    assert known[1] == 7
