"""When things happened to many tickets, asked as of any moment and always from before it only. Pure; needs NumPy.

That nothing from after the moment can be asked for is what keeps the forecast honest: every feature goes through here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# More seconds than any desk lives, so that a ticket's place and a second make one number that sorts as the two do.
_SPAN = 1 << 33


@dataclass(frozen=True, slots=True)
class Marks:
    """Of one kind: `keys` ascending, each a place and a second since 1970; `values` what it was then set to."""

    keys: Ints
    values: Floats

    @classmethod
    def of(
        cls, places: Sequence[int] | Ints, seconds: Sequence[float] | Floats, values: Sequence[float] = ()
    ) -> "Marks":
        """In any order; of two in the same second the later given counts as the later."""
        keys = np.asarray(places, np.int64) * _SPAN + np.asarray(seconds, np.float64).astype(np.int64)
        said = np.asarray(values, np.float64) if len(values) else np.zeros(len(keys))
        order = np.argsort(keys, kind="stable")
        return cls(keys[order], said[order])

    def count(self, places: Ints, at: Ints) -> Floats:
        """How many strictly before the moment, at each place."""
        return (self._end(places, at) - self._start(places)).astype(np.float64)

    def last(self, places: Ints, at: Ints) -> Floats:
        """The second of the last before the moment; NaN where there is none."""
        return self._of_last(places, at, (self.keys % _SPAN).astype(np.float64))

    def value(self, places: Ints, at: Ints) -> Floats:
        """What the last before the moment set; NaN where there is none."""
        return self._of_last(places, at, self.values)

    def _of_last(self, places: Ints, at: Ints, column: Floats) -> Floats:
        start, end = self._start(places), self._end(places, at)
        if not len(column):
            return np.full(len(places), np.nan)
        return np.where(end > start, column[np.maximum(end - 1, 0)], np.nan)

    def _start(self, places: Ints) -> Ints:
        return np.searchsorted(self.keys, places * _SPAN, side="left")

    def _end(self, places: Ints, at: Ints) -> Ints:
        return np.searchsorted(self.keys, places * _SPAN + at, side="left")
