"""Who is told that a mail came back. Floors above say so once, when they start, as they do of calendars."""

from collections.abc import Callable
from datetime import datetime

from notifications.models import Delivery

Listener = Callable[[Delivery, str, datetime], None]

_LISTENERS: list[Listener] = []


def register(listener: Listener) -> None:
    """A function of the mail, of what the server said, and of now; in the transaction in which it became known."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)


def tell(letter: Delivery, answer: str, now: datetime) -> None:
    for listener in _LISTENERS:
        listener(letter, answer, now)
