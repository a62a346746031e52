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


def with_its_own(ticket: Ticket, promised: datetime | None) -> datetime | None:
    """The earlier of what is promised and of what it is to be done by, while there is something to do."""
    own = None if ticket.is_done else ticket.due_at
    return min((due for due in (promised, own) if due is not None), default=None)


def next_due(ticket: Ticket, *, text: str, tags: Sequence[str], set_up: SetUp, now: datetime) -> datetime | None:
    """The earliest moment that anybody foresees, or by which it is to be done."""
    foreseen = (foresee(ticket, text, tags, set_up, now) for foresee in _ASKED)
    return with_its_own(ticket, min((due for due in foreseen if due is not None), default=None))
