"""What each floor holds of a person. Floors above say so once, when they start, as they do of calendars."""

from collections.abc import Callable, Mapping
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


@dataclass(frozen=True, slots=True)
class Part:
    """`goes` and `stays` name rows for the preview: deleted or emptied, and kept without him."""

    goes: Callable[[User], Mapping[str, "QuerySet[Any]"]]
    stays: Callable[[User], Mapping[str, "QuerySet[Any]"]]
    erase: Callable[[Leaving], None]


_PARTS: list[Part] = []


def register(part: Part) -> None:
    """For `ready()` of an app."""
    if part not in _PARTS:
        _PARTS.append(part)


def all_parts() -> tuple[Part, ...]:
    return tuple(_PARTS)
