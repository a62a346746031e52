"""When a new ticket will be due, asked before it is stored: its row is then written once, and not again at once.

Promises are the business of a floor above, which says once, when it starts, whom to ask.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from common.configuration import SetUp
from tickets.models import Ticket

Foresee = Callable[[Ticket, str, Sequence[str], SetUp, datetime], datetime | None]

_ASKED: list[Foresee] = []


def register(foresee: Foresee) -> None:
    """For `ready()` of an app: a function of the ticket, its first words, its tags, the set-up and the moment."""
    if foresee not in _ASKED:
        _ASKED.append(foresee)


def next_due(ticket: Ticket, *, text: str, tags: Sequence[str], set_up: SetUp, now: datetime) -> datetime | None:
    """The earliest moment that anybody foresees."""
    foreseen = (foresee(ticket, text, tags, set_up, now) for foresee in _ASKED)
    return min((due for due in foreseen if due is not None), default=None)
