"""What a card says of the tickets that are open now, each with what sets it apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from reports.forecast.census import of_moment
from reports.forecast.features import Feature, matrix
from reports.forecast.history import load, second
from reports.forecast.scorecard import ScoreCard
from tickets.models import Ticket

MOST_REASONS = 3
_WORTH_SAYING = 0.15
"""Log odds: less than this moves a chance of one in ten by about one in a hundred."""


@dataclass(frozen=True, slots=True)
class Said:
    """`reasons`: the features that raise the chance, the strongest first, with what each was."""

    ticket: int
    chance: float
    reasons: tuple[tuple[str, float], ...]


def score(card: ScoreCard, *, now: datetime) -> Iterator[Said]:
    """Of all that is open and that no escalation has taken up."""
    history = load(Ticket.objects.active().filter(trashed_at=None, merged_into=None))
    census = of_moment(history, second(now) + 1)
    if not len(census):
        return
    rows = matrix(history, census)
    chances, shares = card.chances(rows), card.shares(rows)
    strongest = np.argsort(-shares, axis=1)[:, :MOST_REASONS]
    names = list(Feature)
    for at, place in enumerate(census.places.tolist()):
        reasons = tuple(
            (str(names[column]), round(float(rows[at, column]), 1))
            for column in strongest[at].tolist()
            if shares[at, column] > _WORTH_SAYING and not np.isnan(rows[at, column])
        )
        yield Said(int(history.numbers[place]), float(chances[at]), reasons)
