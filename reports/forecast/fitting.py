"""Learns a score card. The one module that needs scikit-learn; nothing that it reads leaves the machine."""

import numpy as np
from sklearn.linear_model import LogisticRegression

from reports.forecast.features import EDGES, Feature
from reports.forecast.marks import Floats
from reports.forecast.scorecard import Scale, ScoreCard, one_hot

MOST = 200_000
"""Rows to learn from: a fair sample of more would teach the same and take longer."""
_PULL = 1.0
"""How strongly points are drawn to nought where few rows speak for them."""


def fit(rows: Floats, happened: "np.typing.NDArray[np.bool_]") -> ScoreCard:
    """Raises ValueError where nothing, or everything, happened: there is nothing to tell apart."""
    chosen = _sample(len(rows))
    rows, happened = rows[chosen], happened[chosen]
    bare = [Scale(EDGES[feature], ()) for feature in Feature]
    learned = LogisticRegression(C=_PULL, max_iter=300).fit(one_hot(bare, rows), happened)
    points = iter(learned.coef_[0].tolist())
    scales = {}
    for at, (feature, scale) in enumerate(zip(Feature, bare, strict=True)):
        own = tuple(next(points) for _bin in range(len(scale.edges) + 2))
        usual = float(np.asarray(own)[scale.bins(rows[:, at])].mean())
        scales[feature] = Scale(scale.edges, own, usual)
    return ScoreCard(float(learned.intercept_[0]), scales)


def _sample(count: int) -> "np.typing.NDArray[np.int64]":
    """The same rows each time it is asked of as many."""
    if count <= MOST:
        return np.arange(count)
    return np.sort(np.random.default_rng(count).choice(count, MOST, replace=False))
