"""What actions may name of the floor above, which says so once, when it starts: reasons to escalate, and ladders."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

_REASONS: dict[str, Any] = {}
_LADDERS: list[Callable[[], Iterable[str]]] = []


def register_escalations(reasons: Mapping[str, Any], ladders: Callable[[], Iterable[str]]) -> None:
    """For `ready()` of an app: the reasons by their key, and a function that gives the ladders' names in one query."""
    _REASONS.update(reasons)
    if ladders not in _LADDERS:
        _LADDERS.append(ladders)


def reasons() -> dict[str, str]:
    return {key: str(label) for key, label in _REASONS.items()}


def ladders() -> frozenset[str]:
    return frozenset(name for asked in _LADDERS for name in asked())
