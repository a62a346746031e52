"""A model that can be read: each feature falls into a bin, each bin has points, the sum is the odds.

Additive on purpose: the reasons that a forecast gives are the very numbers that it was made of. Pure; needs NumPy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reports.forecast.features import Feature
from reports.forecast.marks import Floats, Ints


@dataclass(frozen=True, slots=True)
class Scale:
    """The bins of one feature: `edges` between them ascending, `points` one more, and those of the unknown last.

    `usual` is what a row has on average, so that only what sets a ticket apart is a reason.
    """

    edges: tuple[float, ...]
    points: tuple[float, ...]
    usual: float = 0.0

    def bins(self, column: Floats) -> Ints:
        found = np.searchsorted(np.asarray(self.edges), column, side="right")
        return np.where(np.isnan(column), len(self.edges) + 1, found).astype(np.int64)

    def of(self, column: Floats) -> Floats:
        return np.asarray(self.points)[self.bins(column)]


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """What was learned; as JSON it has no code in it, so that reading one back is safe."""

    start: float
    scales: Mapping[Feature, Scale]

    def chances(self, rows: Floats) -> Floats:
        """Of each row, between nought and one."""
        odds = self.start + self.shares(rows, above_usual=False).sum(axis=1)
        chances: Floats = 1 / (1 + np.exp(-odds))
        return chances

    def shares(self, rows: Floats, *, above_usual: bool = True) -> Floats:
        """What each feature adds to each row, in log odds."""
        columns = [self.scales[feature].of(rows[:, at]) for at, feature in enumerate(Feature)]
        usual = [self.scales[feature].usual if above_usual else 0.0 for feature in Feature]
        shares: Floats = np.column_stack(columns) - np.asarray(usual)
        return shares

    def as_json(self) -> dict[str, Any]:
        return {
            "start": self.start,
            "scales": {
                str(feature): {"edges": list(scale.edges), "points": list(scale.points), "usual": scale.usual}
                for feature, scale in self.scales.items()
            },
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "ScoreCard":
        """Raises KeyError for a card that was made of other features than there are now."""
        scales = said["scales"]
        return cls(said["start"], {feature: _scale(scales[str(feature)]) for feature in Feature})


def one_hot(scales: Sequence[Scale], rows: Floats) -> "np.typing.NDArray[np.float32]":
    """A column for each bin of each feature, one of each feature's set."""
    parts = []
    for at, scale in enumerate(scales):
        part = np.zeros((len(rows), len(scale.edges) + 2), np.float32)
        part[np.arange(len(rows)), scale.bins(rows[:, at])] = 1
        parts.append(part)
    return np.hstack(parts)


def _scale(said: Mapping[str, Any]) -> Scale:
    return Scale(tuple(said["edges"]), tuple(said["points"]), said["usual"])
