"""Points between two steps at which a rehearsal of disaster may kill the process: where a crash hurts most.

`reach` does nothing unless ESCALA_FAILPOINTS gives the point a probability, which only `make chaos` does
(`manage.py check --deploy` refuses it). Then the process ends as by kill -9, so nothing is rolled back, closed
or logged by us; the point's name is in `failpoints.log` under ESCALA_VAR before that.
"""

import os
import random
import signal
from enum import StrEnum

from django.conf import settings

LOG = "failpoints.log"


class Point(StrEnum):
    """In the order in which a piece of work comes to them."""

    # A mail has been fetched from its mailbox, and nobody has kept it yet.
    AFTER_FETCH = "after_fetch"
    # Rows are locked or leased, and nothing is done about them yet.
    AFTER_CLAIM = "after_claim"
    # All is written and nothing committed.
    BEFORE_COMMIT = "before_commit"
    # All is committed, and whoever asked for it knows nothing of it.
    AFTER_COMMIT = "after_commit"
    # A mail is kept, and its mailbox knows nothing of it.
    BEFORE_SEEN = "before_seen"
    # The mail server has taken a mail; the outbox says that it still waits.
    AFTER_SEND = "after_send"
    # What came of a mail, sent or refused, is about to be noted.
    BEFORE_MARK = "before_mark"


def reach(point: Point) -> None:
    """Live on, or die here by chance."""
    chance = settings.FAILPOINTS.get(point, 0.0)
    if chance and _dice().random() < chance:
        die(point)


def die(point: Point) -> None:
    with (settings.VAR_DIR / LOG).open("a", encoding="ascii") as log:
        log.write(f"{point}\n")
    os.kill(os.getpid(), signal.SIGKILL)


class _Thrown:
    """This process's dice. A fork inherits its parent's and would die at the same points, so it gets its own."""

    process = 0
    dice = random.Random()  # noqa: S311 - no secret: it decides who dies in a test


def _dice() -> random.Random:
    if _Thrown.process != os.getpid():
        _Thrown.process = os.getpid()
        _Thrown.dice = random.Random(f"{settings.FAILPOINTS_SEED}:{_Thrown.process}")  # noqa: S311 - the same
    return _Thrown.dice
