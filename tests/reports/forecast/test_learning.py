"""On lives of known causes the forecast finds them; on lives without any it finds nothing and says so."""

import random
from dataclasses import replace

import numpy as np
import pytest

from bench.forecast.lives import lives
from reports.forecast.census import between, escalated_soon
from reports.forecast.features import Feature, matrix
from reports.forecast.history import History
from reports.forecast.learning import Past, TooLittle, divided, learn
from reports.forecast.marks import Marks
from reports.forecast.scorecard import ScoreCard
from reports.forecast.spans import HORIZON
from tests.reports.forecast.pasts import BEGAN, DAY, history_of

DAYS = 120


@pytest.fixture(scope="module")
def history() -> History:
    return history_of(lives(9000, seconds=DAYS * DAY, customers=180, seed=7))


@pytest.fixture(scope="module")
def past(history: History) -> Past:
    return divided(history, since=BEGAN, until=BEGAN + DAYS * DAY - HORIZON)


def test_known_causes_are_found_and_beat_time_left(past: Past) -> None:
    card, judged = learn(past)

    touchy = card.scales[Feature.CUSTOMERS_ESCALATIONS]
    handed = card.scales[Feature.HAND_OVERS]
    assert judged.beats_time_left
    assert touchy.points[5] > touchy.points[0]
    assert handed.points[3] > handed.points[0]


def test_what_is_foretold_comes_true_about_as_often(past: Past) -> None:
    _card, judged = learn(past)

    highest = judged.calibration[-1]
    assert highest.foretold == pytest.approx(highest.came_true, abs=0.12)


def test_a_card_read_back_from_its_text_says_the_same(past: Past) -> None:
    card, _judged = learn(past)

    again = ScoreCard.from_json(card.as_json())

    assert np.array_equal(again.chances(past.held.features), card.chances(past.held.features))


def test_the_reasons_are_what_the_chance_is_made_of(past: Past) -> None:
    card, _judged = learn(past)
    rows = past.held.features[:50]

    odds = card.start + card.shares(rows, above_usual=False).sum(axis=1)

    assert np.allclose(card.chances(rows), 1 / (1 + np.exp(-odds)))


def test_without_escalations_there_is_too_little_to_learn_from(history: History) -> None:
    calm = replace(history, escalated=Marks.of([], []), of_customers=Marks.of([], []))

    with pytest.raises(TooLittle):
        learn(divided(calm, since=BEGAN, until=BEGAN + DAYS * DAY - HORIZON))


def test_chance_alone_does_not_beat_time_left(history: History) -> None:
    """Escalated anywhere: nothing that is known before tells where."""
    dice = random.Random(3)
    places = [place for place in range(len(history.numbers)) if dice.random() < 0.2]
    at = [int(history.opened[place]) + dice.randrange(3 * DAY) for place in places]
    blind = replace(history, escalated=Marks.of(places, at), of_customers=Marks.of([], []))

    _card, judged = learn(divided(blind, since=BEGAN, until=BEGAN + DAYS * DAY - HORIZON))

    assert judged.model.lift is not None
    assert judged.model.lift < 1.6


def test_nothing_learned_from_knows_of_the_weeks_that_judge(past: Past) -> None:
    assert past.learned.at.max() + HORIZON < past.weeks[0] <= past.held.at.min()


def test_the_past_of_a_moment_is_the_same_whatever_came_after(history: History) -> None:
    """The leakage test: all marks after a moment are taken away, and nothing that is known at it changes."""
    until = BEGAN + 60 * DAY
    census = between(history, until - DAY, until)

    known, cut = matrix(history, census), matrix(_cut(history, until), census)

    assert np.array_equal(known, cut, equal_nan=True)


def test_an_escalation_counts_as_foretold_within_the_horizon_only(history: History) -> None:
    census = between(history, BEGAN + 40 * DAY, BEGAN + 41 * DAY)

    soon = escalated_soon(history, census)

    when = [_first(history.escalated, place) for place in census.places.tolist()]
    moments = census.at.tolist()
    assert soon.tolist() == [
        first is not None and at <= first < at + HORIZON for first, at in zip(when, moments, strict=True)
    ]


def _cut(history: History, until: int) -> History:
    names = ("wrote", "answered", "status", "priority", "owner", "team", "broken", "escalated", "of_customers")
    due = {metric: _before(marks, until) for metric, marks in history.due.items()}
    return replace(history, due=due, **{name: _before(getattr(history, name), until) for name in names})


def _before(marks: Marks, until: int) -> Marks:
    kept = marks.keys % (1 << 33) < until
    return Marks(marks.keys[kept], marks.values[kept])


def _first(marks: Marks, place: int) -> int | None:
    found = [int(key % (1 << 33)) for key in marks.keys.tolist() if key >> 33 == place]
    return found[0] if found else None
