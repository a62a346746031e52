"""Whose an alert is: programs hear of the teams that are ticked, and not in words of what a team keeps to itself.

Floors above say so once, when they start, as they do of calendars.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from notifications.models import Delivery
from people.models import User


class Owner(NamedTuple):
    """An alert's key, the team whose matter it tells of, and whether that team keeps it to itself."""

    alert: int
    team: int
    is_restricted: bool


Owners = Iterable[Owner]

# In the context of a call: its title stays in the house.
WITHHELD = "withheld"

_ASKED: list[Callable[[Sequence[Delivery]], Owners]] = []
_SEEN: list[Callable[[User, Sequence[Delivery]], Iterable[int]]] = []


def register(asked: Callable[[Sequence[Delivery]], Owners]) -> None:
    """For `ready()` of an app: a function of a batch of alerts, in one query however many they are."""
    if asked not in _ASKED:
        _ASKED.append(asked)


def register_sight(seen: Callable[[User, Sequence[Delivery]], Iterable[int]]) -> None:
    """The same, of the alerts about what somebody may see: their keys."""
    if seen not in _SEEN:
        _SEEN.append(seen)


def seen_by(person: User, rows: Sequence[Delivery]) -> set[int]:
    """Of these alerts those whose matter he may see."""
    return {key for seen in _SEEN for key in seen(person, rows)}


def owners_of(rows: Sequence[Delivery]) -> dict[int, Owner]:
    """Of each alert that is about a team's matter."""
    return {one.alert: one for asked in _ASKED for one in asked(rows)}
