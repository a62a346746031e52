"""Who is told that a mail did not reach its reader, and never will. Floors above say so once, when they start."""

from collections.abc import Callable
from datetime import datetime

from notifications.models import Delivery

Listener = Callable[[Delivery, str, datetime], bool]

_LISTENERS: list[Listener] = []


def register(listener: Listener) -> None:
    """A function of the mail, of what the server said, and of now; in the transaction in which it became known.

    It says whether the mail is thereby settled: nobody has to be told of it, and it is not tried again.
    """
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)


def tell(letter: Delivery, answer: str, now: datetime) -> bool:
    """Whether it is settled. Each hears of it, whatever another has said."""
    settled = [listener(letter, answer, now) for listener in _LISTENERS]
    return any(settled)
