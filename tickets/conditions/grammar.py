"""The stored form of conditions, read: one `Test` for each key. Pure.

    {"tier": ["enterprise"], "channel": {"not": ["chat"]}, "tags": {"all": ["vip", "refund"], "not": ["test"]},
     "keywords": ["late payment", "payout*"], "field:amount": {"from": 100}, "field:note": {"words": ["bank"]},
     "subject": {"matches": "invoices?|bills?"}}

Every key must hold; a list is short for {"any": list}; every part of an object must hold. See docs/decisions/0011.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from common.words import asked_for
from tickets.conditions.facts import Value
from tickets.conditions.keys import (
    ALL,
    ANY,
    FIELD,
    FROM,
    GIVEN,
    KNOWN,
    MATCHES,
    MATCHES_NOT,
    NOT,
    TO,
    WITHOUT,
    WORDS,
    Shape,
)

Conditions = Mapping[str, Any]


@dataclass(frozen=True)
class Phrase:
    """Words that must stand side by side; with a star the last one is the beginning of a word."""

    words: tuple[str, ...]
    is_prefix: bool

    @classmethod
    def of(cls, text: str) -> "Phrase":
        words, is_prefix = asked_for(text, is_beginning=text.rstrip().endswith("*"))
        return cls(tuple(words), is_prefix)

    @cached_property
    def needle(self) -> str:
        return f" {' '.join(self.words)}{'' if self.is_prefix else ' '}"

    def is_in(self, words: str) -> bool:
        """Whether it stands in words that have a blank on either side; linear in their length."""
        return bool(self.words) and self.needle in words


@dataclass(frozen=True, slots=True)
class Test:
    """What is asked of one key; all parts that are not None must hold."""

    key: str
    shape: Shape
    any: tuple[Value, ...] | None = None
    all: tuple[Value, ...] | None = None
    none: tuple[Value, ...] | None = None
    low: Value | None = None
    high: Value | None = None
    given: bool | None = None
    like: str | None = None
    unlike: str | None = None

    @property
    def field(self) -> str:
        """The custom field's own key, empty for what every ticket has."""
        return self.key.removeprefix(FIELD) if self.key.startswith(FIELD) else ""


def tests_of(conditions: Conditions) -> list[Test]:
    """The tests of conditions that were checked when they were stored."""
    return [test_of(key, asked) for key, asked in conditions.items()]


def test_of(key: str, asked: Sequence[Value] | Mapping[str, Any]) -> Test:
    parts: Mapping[str, Any] = asked if isinstance(asked, Mapping) else {ANY: asked}
    by_words = key.startswith(FIELD) and not _TEXTUAL.isdisjoint(parts)
    return Test(
        key=key,
        shape=KNOWN[key].shape if key in KNOWN else Shape.TEXT if by_words else Shape.ONE,
        any=_tuple(parts.get(WORDS if by_words else ANY)),
        all=_tuple(parts.get(ALL)),
        none=_tuple(parts.get(WITHOUT if by_words else NOT)),
        low=parts.get(FROM),
        high=parts.get(TO),
        given=parts.get(GIVEN),
        like=parts.get(MATCHES),
        unlike=parts.get(MATCHES_NOT),
    )


def parts_of(test: Test) -> list[Test]:
    """One test for each thing asked, in the order in which they are read aloud."""
    parts = ("any", "all", "none", "like", "unlike", "given")
    named = {name: getattr(test, name) for name in parts}
    found = [Test(test.key, test.shape, **{name: value}) for name, value in named.items() if value is not None]
    if test.low is not None or test.high is not None:
        found.insert(0, Test(test.key, test.shape, low=test.low, high=test.high))
    return found


# Of a custom field only one that holds a text is asked so.
_TEXTUAL = {WORDS, WITHOUT, MATCHES, MATCHES_NOT}


def _tuple(values: Sequence[Value] | None) -> tuple[Value, ...] | None:
    return None if values is None else tuple(values)
