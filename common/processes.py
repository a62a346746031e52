"""A long piece of work, shared by several processes: for commands, which may take the machine for themselves.

Not for pages and not for the worker, whose processes may have no children.
"""

import gc
import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

import django

# Much is made and little of it in rings: with Python's own 700 a tenth of the time went into looking for rings.
COLLECT_AFTER = (20_000, 20, 20)

_P = TypeVar("_P")
_R = TypeVar("_R")


def how_many() -> int:
    """As many as this process may use at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def shared_by(
    processes: int, prepare: Callable[[], Callable[[_P], _R]]
) -> Iterator[Callable[[Iterable[_P]], Iterator[_R]]]:
    """A `map` of what `prepare` makes, which is asked once by each process, with connections of its own.

    With one process, or none, the work is done here. `prepare`, the parts and what comes of them can be pickled.
    """
    if processes < 2:
        work = prepare()
        yield lambda parts: map(work, parts)
        return
    # Spawned: a forked child would share this one's connections.
    with ProcessPoolExecutor(processes, get_context("spawn"), _Child.begin, (pickle.dumps(prepare),)) as pool:
        yield lambda parts: pool.map(_Child.do, parts)


class _Child:
    """What one of the processes knows."""

    work: Callable[[Any], Any]

    @classmethod
    def begin(cls, prepare: bytes) -> None:
        # Models can be read from here on, and not before: hence the bytes.
        django.setup()
        cls.work = staticmethod(pickle.loads(prepare)())  # noqa: S301 - our own parent has written it
        # What is there by now stays: the collector need not look through it again and again.
        gc.freeze()
        gc.set_threshold(*COLLECT_AFTER)

    @classmethod
    def do(cls, part: Any) -> Any:
        return cls.work(part)
