"""Numbers, lengths and changes as a reader has them."""

from datetime import date

import pytest
from django.utils import translation

from reports.saying import change_text, change_tone, difference_text, label_texts, value_text
from reports.shape import Better, Change, Chart, Kind, Unit

PLAN = date(2026, 10, 1)


def a_change(**fields) -> Change:
    known = {"before": 62, "after": 38, "effect": -0.9, "low": -30, "high": -18, "before_cases": 90, "after_cases": 1}
    return Change(**{**known, **fields})


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (95.84, Unit.PERCENT, "95.8 %"),
        (0.44, Unit.RATE, "0.44"),
        (100.0, Unit.PERCENT, "100 %"),
        (40, Unit.SECONDS, "40 s"),
        (38 * 60 + 59, Unit.SECONDS, "38 min"),
        (7 * 3600 + 40 * 60, Unit.SECONDS, "7h 40m"),
        (76 * 3600, Unit.SECONDS, "3d 4h"),
        (1204, Unit.COUNT, "1204"),
        (PLAN, Unit.DATE, "1 Oct 2026"),
        ("Payments", Unit.TEXT, "Payments"),
        (None, Unit.COUNT, "–"),
        (0, Unit.COUNT, "0"),
    ],
)
def test_a_value_reads_as_its_unit_has_it(value, unit, text):
    assert value_text(value, unit).replace(",", "") == text


def test_a_value_is_said_in_the_readers_language():
    with translation.override("pt-br"):
        assert value_text(95.84, Unit.PERCENT) == "95,8 %"


def test_a_sure_change_says_between_what_it_lies_and_how_large_it_is():
    assert change_text(a_change(), Unit.COUNT, PLAN) == (
        "62 a week before 1 Oct 2026, 38 a week after (90 and 1 case). "
        "The true difference lies between −30 and −18 (95 %). A large effect."
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            a_change(low=-9, high=2),
            "That may be chance: the true difference lies between −9 points and +2 points (95 %).",
        ),
        (a_change(low=None, high=None), "Too few cases to say whether that is chance."),
    ],
)
def test_an_unsure_change_says_so(change, words):
    assert change_text(change, Unit.PERCENT, None).endswith(words)
    assert change_tone(change, Better.LOWER) == ""


@pytest.mark.parametrize(("better", "tone"), [(Better.LOWER, "ok"), (Better.HIGHER, "breach"), (Better.NEITHER, "")])
def test_only_a_sure_change_is_good_or_bad(better, tone):
    assert change_tone(a_change(), better) == tone


@pytest.mark.parametrize(
    ("before", "after", "unit", "text"),
    [
        (92.7, 95.8, Unit.PERCENT, "3.1 points"),
        (3720, 2280, Unit.SECONDS, "24 min"),
        (23, 14, Unit.COUNT, "9 a week"),
        (None, 3, Unit.COUNT, ""),
    ],
)
def test_a_difference_is_said_without_its_direction(before, after, unit, text):
    assert difference_text(a_change(before=before, after=after), unit) == text


def test_months_are_named_as_months():
    days = tuple(date(2026, month, 1) for month in (1, 2, 3))

    assert label_texts(Chart(Kind.BARS, Unit.COUNT, days, ())) == ["Jan 2026", "Feb 2026", "Mar 2026"]
    assert label_texts(Chart(Kind.BARS, Unit.COUNT, days[:1], ())) == ["1 Jan"]
