"""Where the middle of several groups together lies, as if their values had been sorted in one row."""

from statistics import median, quantiles

from hypothesis import given
from hypothesis import strategies as st

from reports.gathering import Pool

RUNS = st.lists(
    st.lists(st.integers(0, 40_000_000) | st.integers(0, 9), max_size=12).map(sorted), min_size=1, max_size=8
)


@given(runs=RUNS)
def test_the_median_of_groups_is_that_of_all_their_values(runs):
    pool = Pool(runs)

    together = [value for run in runs for value in run]
    assert len(pool) == len(together)
    assert pool.median == (median(together) if together else None)


@given(runs=RUNS.filter(lambda runs: sum(map(len, runs)) > 1))
def test_each_tenth_lies_on_a_straight_line_between_its_neighbours(runs):
    pool = Pool(runs)

    found = [pool.quantile(tenth / 10) for tenth in range(1, 10)]

    expected = quantiles((value for run in runs for value in run), n=10, method="inclusive")
    assert all(abs(one - other) < 1e-6 for one, other in zip(found, expected, strict=True))


def test_the_ends_are_the_least_and_the_most():
    pool = Pool([[3, 9], [1], [], [4, 4, 70]])

    assert (pool.quantile(0), pool.quantile(1)) == (1, 70)


def test_of_nothing_there_is_no_middle():
    pool = Pool([[], []])

    assert (pool.median, pool.mean_beside, len(pool)) == (None, None, 0)
