"""How good a forecast was, beside what the desk would have done without it. Pure; needs NumPy.

The share that may be flagged is fixed, since a team can look at so many and no more; both rank the same tickets at
the same moments, and each flags its own first ones.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from reports.forecast.marks import Floats, Ints

SHARE = 0.118
"""Of what is open: that of the published figures which stand beside ours (recall 87 % at it)."""

Bools = np.typing.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`recall`: of those that were escalated, how many were flagged; `precision`: of the flagged, how many were.

    `lift`: how much oftener the flagged were escalated than all. All None where nothing was escalated.
    """

    recall: float | None
    precision: float | None
    lift: float | None


@dataclass(frozen=True, slots=True)
class Tenth:
    """A tenth of the rows by what was foretold: the mean chance, and how many of a hundred came true."""

    foretold: float
    came_true: float
    rows: int


@dataclass(frozen=True, slots=True)
class Week:
    since: int
    """The second since 1970 at which it begins."""
    model: Verdict
    time_left: Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """Over all held-out weeks, and week by week."""

    rows: int
    happened: int
    model: Verdict
    time_left: Verdict
    calibration: tuple[Tenth, ...]
    weeks: tuple[Week, ...]

    @property
    def beats_time_left(self) -> bool:
        """More of what happened over all, and in more weeks than not: one lucky week is no proof."""
        if self.model.recall is None or self.time_left.recall is None or self.model.recall <= self.time_left.recall:
            return False
        told = [week for week in self.weeks if week.model.recall is not None and week.time_left.recall is not None]
        better = sum((week.model.recall or 0) > (week.time_left.recall or 0) for week in told)
        return better * 2 > len(told)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def judge(*, chances: Floats, hours_left: Floats, happened: Bools, at: Ints, weeks: Sequence[int]) -> Judged:
    """`at`: each row's moment; `weeks`: where the held-out weeks begin, ascending."""
    by_model, by_time = flagged(chances, at), flagged(-_last_if_unknown(hours_left), at)
    which = np.searchsorted(np.asarray(weeks), at, side="right") - 1
    return Judged(
        rows=len(at),
        happened=int(happened.sum()),
        model=verdict(by_model, happened),
        time_left=verdict(by_time, happened),
        calibration=tenths(chances, happened),
        weeks=tuple(
            Week(
                since,
                verdict(by_model[which == place], happened[which == place]),
                verdict(by_time[which == place], happened[which == place]),
            )
            for place, since in enumerate(weeks)
        ),
    )


def flagged(scores: Floats, at: Ints, share: float = SHARE) -> Bools:
    """The highest of each moment, at least one: as many as the share allows, and never more."""
    order = np.lexsort((-scores, at))
    _moments, starts, counts = np.unique(at[order], return_index=True, return_counts=True)
    rank = np.arange(len(at)) - np.repeat(starts, counts)
    chosen = rank < np.repeat(np.maximum(np.floor(counts * share), 1), counts)
    found = np.zeros(len(at), bool)
    found[order] = chosen
    return found


def verdict(flags: Bools, happened: Bools) -> Verdict:
    hits, all_, marked = int((flags & happened).sum()), int(happened.sum()), int(flags.sum())
    if not all_ or not marked:
        return Verdict(None, None, None)
    precision = hits / marked
    return Verdict(hits / all_, precision, precision / (all_ / len(happened)))


def tenths(chances: Floats, happened: Bools) -> tuple[Tenth, ...]:
    """In the order of what was foretold; fewer where there are fewer than ten rows."""
    parts = np.array_split(np.argsort(chances, kind="stable"), 10)
    return tuple(
        Tenth(float(chances[part].mean()), float(happened[part].mean()), len(part)) for part in parts if len(part)
    )


def _last_if_unknown(hours_left: Floats) -> Floats:
    """A ticket without a running promise has all the time there is."""
    return np.where(np.isnan(hours_left), np.inf, hours_left)
