"""Whose alerts' words programs are not told. Floors above say so once, when they start, as they do of calendars."""

from collections.abc import Callable, Iterable, Sequence

from notifications.models import Delivery

Kept = Iterable[tuple[int, int]]
"""An alert's key, and that of the restricted team which keeps what it is about to itself."""

# In the context of a call: its title stays in the house.
WITHHELD = "withheld"

_ASKED: list[Callable[[Sequence[Delivery]], Kept]] = []


def register(asked: Callable[[Sequence[Delivery]], Kept]) -> None:
    """For `ready()` of an app: a function of a batch of alerts, in one query however many they are."""
    if asked not in _ASKED:
        _ASKED.append(asked)


def keepers_of(rows: Sequence[Delivery]) -> dict[int, int]:
    """The restricted team of each alert that has one."""
    return {key: team for asked in _ASKED for key, team in asked(rows)}
