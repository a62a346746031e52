"""What each floor holds of a person. Floors above say so once, when they start, as they do of calendars."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from people.models import User


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who is erased, and the addresses, in small letters, by which he was known."""

    person: User
    addresses: tuple[str, ...]
    now: datetime


def _nobody(person: User) -> None:
    """Most floors have no reason why somebody has to stay."""


def _nothing(people: Collection[int], organisations: Collection[int]) -> None:
    """Most floors have nothing that is locked first."""


@dataclass(frozen=True, slots=True)
class Part:
    """`goes` and `stays` name rows for the preview: deleted or emptied, and kept without him.

    `hold` locks what is locked before all else, for these people and organisations: tickets. `sayers`: the keys of
    customers who have written these words. `check` raises NotAllowedNow where something of him has to be kept as it is.
    """

    goes: Callable[[User], Mapping[str, "QuerySet[Any]"]]
    stays: Callable[[User], Mapping[str, "QuerySet[Any]"]]
    erase: Callable[[Leaving], None]
    hold: Callable[[Collection[int], Collection[int]], None] = _nothing
    sayers: "Callable[[str], QuerySet[Any]] | None" = None
    check: Callable[[User], None] = _nobody


_PARTS: list[Part] = []


def register(part: Part) -> None:
    """For `ready()` of an app."""
    if part not in _PARTS:
        _PARTS.append(part)


def hold(*, people: Collection[int] = (), organisations: Collection[int] = ()) -> None:
    """In the order of everybody: before the rows of people and organisations themselves. Within a transaction."""
    for part in _PARTS:
        part.hold(people, organisations)


def all_parts() -> tuple[Part, ...]:
    return tuple(_PARTS)
