"""What is to be remembered of an attempt that was refused.

A refusal takes its whole transaction back, and so would take the record of itself. Whoever refuses says what is to be
written; it is written where nobody's transaction is open any more: when the request has been answered, or the round of
a sweep is through with one row. The list hangs on the thread's context, so a refusal that is caught on its way up (one
ticket of many, a page that shows the sentence) is remembered all the same.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import DatabaseError

logger = logging.getLogger(__name__)

Write = Callable[[], object]
_waiting: ContextVar[list[Write] | None] = ContextVar("refusals", default=None)


def remember(write: Write) -> None:
    """Have this done once the refused transaction has ended; outside of `kept` nobody would, so nothing is laid up."""
    waiting = _waiting.get()
    if waiting is not None:
        waiting.append(write)


@contextmanager
def kept() -> Iterator[None]:
    """What is refused inside is remembered at the end; inside of another it is left to that one.

    A record that cannot be written is logged: the answer to the person stands.
    """
    if _waiting.get() is not None:
        yield
        return
    waiting: list[Write] = []
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
        for write in waiting:
            try:
                write()
            except DatabaseError:
                logger.exception("A refusal could not be remembered.")
