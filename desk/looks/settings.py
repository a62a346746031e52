"""The rail of the settings: one line for each page that an administrator changes the desk on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sla.models import Policy


@dataclass(frozen=True, slots=True)
class Line:
    """`item` is the rail's name of the line, by which `desk.context` marks the current one; `count` None: no figure."""

    title: Any
    url: str
    icon: str
    item: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    title: Any
    lines: list[Line]


# Title, address, icon, how many there are.
_PROMISES: list[tuple[Any, str, str, Callable[[], int]]] = [
    (_("SLA policies"), "policies", "clock", Policy.objects.count),
]
_SECTIONS = [(_("Promises"), _PROMISES)]


def settings_rail() -> list[Section]:
    """One query for each line with a figure."""
    return [
        Section(
            title, [Line(words, reverse(f"desk:{name}"), icon, name, count()) for words, name, icon, count in lines]
        )
        for title, lines in _SECTIONS
    ]
