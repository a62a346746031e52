"""Conditions whose organisation is called otherwise from now on. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from tickets.conditions.facts import Value
from tickets.conditions.grammar import Conditions

_ORGANISATION = "organisation"


def renamed(conditions: Conditions, before: str, after: str) -> dict[str, Any]:
    """The same with `after` wherever `before` was named; where both were, it is named once."""
    if _ORGANISATION not in conditions:
        return dict(conditions)
    asked = conditions[_ORGANISATION]
    if isinstance(asked, Mapping):
        changed: Any = {part: _listed(value, before, after) for part, value in asked.items()}
    else:
        changed = _listed(asked, before, after)
    return {**conditions, _ORGANISATION: changed}


def _listed(asked: Sequence[Value] | bool, before: str, after: str) -> list[Value] | bool:
    if isinstance(asked, bool):
        return asked
    return list(dict.fromkeys(after if value == before else value for value in asked))
