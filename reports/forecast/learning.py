"""Learns from the desk's own past, and judges by weeks that were held back from the learning (R74)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from reports.forecast.census import between, escalated_soon
from reports.forecast.features import Feature, matrix
from reports.forecast.fitting import fit
from reports.forecast.history import History, load, second
from reports.forecast.judging import Judged, judge
from reports.forecast.marks import Floats, Ints
from reports.forecast.scorecard import ScoreCard
from reports.forecast.spans import FEWEST, HORIZON, LOOKS_BACK, WEEK, WEEKS
from tickets.models import Ticket

Said = Callable[[int], None]


class TooLittle(Exception):
    """Not enough has happened to learn from; `found` rows that were followed by an escalation."""

    def __init__(self, found: int) -> None:
        self.found = found
        super().__init__(f"{found} of {FEWEST}")


@dataclass(frozen=True, slots=True)
class Rows:
    """What is known of each row, and what came of it."""

    features: Floats
    happened: "np.typing.NDArray[np.bool_]"
    at: Ints

    def only(self, chosen: "np.typing.NDArray[np.bool_]") -> "Rows":
        return Rows(self.features[chosen], self.happened[chosen], self.at[chosen])


@dataclass(frozen=True, slots=True)
class Past:
    """`learned`: what may be learned from; `held`: the newest weeks, beginning at `weeks`.

    Between the two lies the horizon, so that no row to learn from knows what happened in a week that is held out.
    """

    learned: Rows
    held: Rows
    weeks: tuple[int, ...]


STEPS = 4
"""How often `learn` says how far it is, counted from one."""


def past(*, now: datetime, said: Said = lambda _step: None) -> Past:
    """All tickets of the last half year, as they stood twice a day."""
    since = now - LOOKS_BACK
    history = load(Ticket.objects.filter(created_at__gte=since, trashed_at=None, merged_into=None))
    said(1)
    return divided(history, since=second(since), until=second(now) - HORIZON, said=said)


def divided(history: History, *, since: int, until: int, said: Said = lambda _step: None) -> Past:
    """Of any history; both moments in seconds since 1970."""
    census = between(history, since, until)
    rows = Rows(matrix(history, census), escalated_soon(history, census), census.at)
    said(2)
    weeks = tuple(until - WEEK * back for back in range(WEEKS, 0, -1))
    return Past(rows.only(rows.at < weeks[0] - HORIZON), rows.only(rows.at >= weeks[0]), weeks)


def learn(known: Past, *, said: Said = lambda _step: None) -> tuple[ScoreCard, Judged]:
    """The card that was judged is the card that is used. Raises TooLittle."""
    found = int(known.learned.happened.sum())
    if found < FEWEST or not known.held.happened.any():
        raise TooLittle(found)
    card = fit(known.learned.features, known.learned.happened)
    said(3)
    judged = judge_card(card, known)
    said(4)
    return card, judged


def judge_card(card: ScoreCard, known: Past) -> Judged:
    """By the held-out weeks; also of a card that was learned long before."""
    held = known.held
    return judge(
        chances=card.chances(held.features),
        hours_left=held.features[:, list(Feature).index(Feature.TIME_LEFT)],
        happened=held.happened,
        at=held.at,
        weeks=known.weeks,
    )
