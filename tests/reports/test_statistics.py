"""The statistics, against values that others have published or computed."""

import pytest

from reports.statistics import Mean, Median, Share, means, median_ranks, medians, rates, shares, student, wilson


@pytest.mark.parametrize(
    # Newcombe 1998, Statistics in Medicine 17, 857 to 872, table I, method 3.
    ("hits", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_is_the_published_one(hits, of, low, high):
    assert wilson(Share(hits, of)) == pytest.approx((low, high), abs=0.0001)


@pytest.mark.parametrize(
    # Newcombe 1998, Statistics in Medicine 17, 873 to 890, table II, method 10; first less second there.
    ("before", "after", "low", "high"),
    [
        (Share(48, 80), Share(56, 70), 0.0524, 0.3339),
        (Share(3, 10), Share(9, 10), 0.1705, 0.8090),
        (Share(0, 10), Share(10, 10), 0.6075, 1.0),
    ],
)
def test_newcombes_interval_is_the_published_one(before, after, low, high):
    found = shares(before, after)

    assert (found.low, found.high) == pytest.approx((low, high), abs=0.0001)


def test_cohens_h_of_a_half_and_four_fifths_is_medium():
    assert shares(Share(50, 100), Share(80, 100)).effect == pytest.approx(0.6435, abs=0.0001)


@pytest.mark.parametrize(
    ("freedom", "quantile"), [(4, 2.7764), (10, 2.2281), (30, 2.0423), (120, 1.9799), (100_000, 1.96)]
)
def test_students_quantile_is_that_of_the_tables(freedom, quantile):
    assert student(freedom) == pytest.approx(quantile, abs=0.005)


def test_welchs_interval_is_the_one_that_other_programs_give():
    """SciPy 1.17, `ttest_ind_from_stats(22, 4, 40, 20, 2, 20, equal_var=False)` and `t.ppf` at its 57.99 degrees."""
    found = means(Mean(20.0, 2.0, 20), Mean(22.0, 4.0, 40))

    assert (found.low, found.high) == pytest.approx((0.450, 3.550), abs=0.01)
    assert found.effect == pytest.approx(2 / 3.476, abs=0.001)


def test_means_that_do_not_vary_have_no_interval():
    assert means(Mean(3.0, 0.0, 9), Mean(3.0, 0.0, 9)) is None


def test_the_median_of_a_hundred_lies_between_the_fortieth_and_the_sixtieth():
    assert median_ranks(100) == pytest.approx((0.402, 0.598), abs=0.001)


def test_medians_far_apart_are_surely_apart_and_the_effect_is_large():
    found = medians(Median(60, 55, 66, 40, 80, 100), Median(30, 26, 35, 20, 40, 100))

    assert found.high < 0
    assert (found.low, found.high) == pytest.approx((-30 - 52**0.5, -30 + 50**0.5), abs=0.001)
    assert found.effect < -0.8


def test_rates_of_a_hundred_and_sixty_a_week_are_surely_apart():
    """By hand: 60 less 100, and 1.96 times the root of 160."""
    found = rates(100, 1, 60, 1)

    assert (found.low, found.high) == pytest.approx((-64.79, -15.21), abs=0.01)


def test_of_four_cases_nothing_is_said():
    assert shares(Share(1, 4), Share(90, 100)) is None
    assert medians(Median(1, 1, 1, 1, 1, 4), Median(1, 1, 1, 1, 1, 9)) is None
    assert means(Mean(1, 1, 4), Mean(1, 1, 9)) is None
