"""The one vocabulary of conditions, for routing rules and SLA policies alike. Pure.

A condition is `{"priority": ["urgent"], "tier": ["enterprise"], …}`: every key must hold, and a key holds
when one of its values does. An empty dict holds for everything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from common.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a ticket where a rule looks at it."""

    priority: str
    channel: str
    team: str = ""
    tier: str = ""
    organisation: str = ""
    tags: frozenset[str] = field(default_factory=frozenset)
    text: str = ""


KEYS = ("priority", "channel", "team", "tier", "organisation", "tags", "keywords")


def holds(conditions: Mapping[str, Sequence[str]], facts: Facts) -> bool:
    return all(_key_holds(key, wanted, facts) for key, wanted in conditions.items())


def specificity(conditions: Mapping[str, Sequence[str]]) -> int:
    """How many things a rule asks for: the most specific match wins where order does not decide."""
    return len(conditions)


def check(conditions: Any) -> dict[str, list[str]]:
    """The conditions as given by a person, or InvalidInput in one sentence."""
    if not isinstance(conditions, dict):
        raise InvalidInput.of("conditions", _("Conditions must be an object of lists."))
    for key, wanted in conditions.items():
        if key not in KEYS:
            raise InvalidInput.of(
                "conditions",
                _("There is no condition “%(key)s”; there are %(keys)s.") % {"key": key, "keys": ", ".join(KEYS)},
            )
        if not isinstance(wanted, list) or not wanted or not all(isinstance(value, str) for value in wanted):
            raise InvalidInput.of("conditions", _("“%(key)s” needs a list of texts.") % {"key": key})
    return conditions


def _key_holds(key: str, wanted: Sequence[str], facts: Facts) -> bool:
    if key == "tags":
        return not facts.tags.isdisjoint(wanted)
    if key == "keywords":
        text = facts.text.casefold()
        return any(word.casefold() in text for word in wanted)
    return getattr(facts, key, None) in wanted
