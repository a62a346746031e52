"""Lives of known causes as a history, without a database."""

from collections.abc import Callable, Iterable, Sequence
from math import inf

import numpy as np

from bench.forecast.lives import Life
from reports.forecast.history import IS_ACTIVE, IS_DONE, History
from reports.forecast.marks import Marks
from tickets.enums import PRIORITY_RANK, Priority

DAY = 86_400
BEGAN = 1_780_000_000


def history_of(lives: Iterable[Life]) -> History:
    told = list(lives)
    return History(
        numbers=np.arange(len(told)),
        opened=np.array([_second(life.opened) for life in told], np.int64),
        ended=np.array([inf if life.ended is None else _second(life.ended) for life in told], np.float64),
        customers=np.array([life.customer for life in told], np.int64),
        wrote=_marks(told, lambda life: life.wrote[1:]),
        answered=_marks(told, lambda life: life.answered),
        status=_valued(told, lambda life: [(life.opened, IS_ACTIVE), *_done(life)]),
        priority=_valued(told, lambda life: [(life.opened, float(PRIORITY_RANK[Priority(life.priority)]))]),
        owner=_valued(told, lambda life: [(at, float(owner)) for at, owner in life.owners]),
        team=_valued(told, lambda life: [(at, float(owner % 8)) for at, owner in life.owners]),
        broken=_marks(told, lambda life: _known(life.broken)),
        escalated=_marks(told, lambda life: _known(life.escalated)),
        of_customers=Marks.of(
            [life.customer for life in told if life.escalated is not None],
            [_second(life.escalated) for life in told if life.escalated is not None],
        ),
        due={"resolution": _valued(told, lambda life: [(life.opened, float(_second(life.due)))])},
    )


def _second(at: float) -> int:
    return BEGAN + int(at)


def _known(at: float | None) -> Sequence[float]:
    return [] if at is None else [at]


def _done(life: Life) -> Sequence[tuple[float, float]]:
    return [] if life.ended is None else [(life.ended, IS_DONE)]


def _marks(lives: Sequence[Life], of: Callable[[Life], Sequence[float]]) -> Marks:
    told = [(place, _second(at)) for place, life in enumerate(lives) for at in of(life)]
    return Marks.of([place for place, _at in told], [at for _place, at in told])


def _valued(lives: Sequence[Life], of: Callable[[Life], Sequence[tuple[float, float]]]) -> Marks:
    told = [(place, _second(at), value) for place, life in enumerate(lives) for at, value in of(life)]
    return Marks.of([one[0] for one in told], [one[1] for one in told], [one[2] for one in told])
