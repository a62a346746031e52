"""Conditions as a person types them, one a line, where there is no editor with rows. Pure.

    priority is urgent, high
    channel is not chat
    tags is each of vip, "refund, late"
    keywords has one of late payment, payout*
    field:amount is at least 100
    contract is not given
    subject matches invoices?|bills?

What a line means is in `grammar`; whether it makes sense is `checking`'s business.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from tickets.conditions.grammar import Conditions
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
    Vocabulary,
)
from tickets.enums import FieldType

# Longer ones first: “is not given” is no “is not”.
_SAID: dict[str, tuple[str, bool]] = {
    "is not given": (GIVEN, False),
    "is given": (GIVEN, True),
    "is at least": (FROM, True),
    "is at most": (TO, True),
    "is each of": (ALL, True),
    "has each of": (ALL, True),
    "is none of": (NOT, True),
    "has none of": (NOT, True),
    "is one of": (ANY, True),
    "has one of": (ANY, True),
    "is not": (NOT, True),
    "is": (ANY, True),
    "does not match": (MATCHES_NOT, True),
    "matches": (MATCHES, True),
}
_WRITTEN = {
    ANY: "is",
    WORDS: "has one of",
    NOT: "is not",
    WITHOUT: "has none of",
    ALL: "is each of",
    FROM: "is at least",
    TO: "is at most",
    MATCHES: "matches",
    MATCHES_NOT: "does not match",
}
# What follows is one value to the end of the line, commas and quotation marks as they stand.
_WHOLE = (MATCHES, MATCHES_NOT)
_IN_TEXTS = {ANY: "has one of", NOT: "has none of", ALL: "has each of"}
# A field of free text is asked by words; its operators have names of their own.
_BY_WORDS = {ANY: WORDS, NOT: WITHOUT}
_LINE = re.compile(rf"(\S+)\s+({'|'.join(words.replace(' ', r'[ ]+') for words in _SAID)})(?:\s+(.*))?", re.IGNORECASE)
# What a value must not begin with outside of quotation marks, or it would be read as part of the operator.
_RESERVED = {"not", "given", "at", "each", "none", "one", "of"}


def as_lines(conditions: Conditions) -> str:
    """The lines that `from_lines` reads as these conditions."""
    return "\n".join(line for key, asked in conditions.items() for line in _written(key, asked))


def from_lines(text: str, vocabulary: Vocabulary) -> dict[str, Any]:
    """What the lines ask, not yet checked. InvalidInput on `conditions`, a sentence for each line that is none."""
    found: dict[str, dict[str, Any]] = {}
    mistakes = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                _read(line.strip(), found, vocabulary)
            except ValueError as mistake:
                mistakes.append(_("Line %(number)d: %(mistake)s") % {"number": number, "mistake": mistake})
    if mistakes:
        raise InvalidInput({"conditions": mistakes})
    return found


def _written(key: str, asked: Any) -> Iterator[str]:
    parts = asked if isinstance(asked, Mapping) else {ANY: asked}
    for operator, value in parts.items():
        if operator == GIVEN:
            yield f"{key} {'is given' if value else 'is not given'}"
        else:
            words = {**_WRITTEN, **(_IN_TEXTS if _is_words(key) else {})}[operator]
            values = value if isinstance(value, list | tuple) else [value]
            yield f"{key} {words} {value if operator in _WHOLE else ', '.join(map(_quoted, map(str, values)))}"


def _is_words(key: str) -> bool:
    return key in KNOWN and KNOWN[key].shape is Shape.TEXT


def _quoted(value: str) -> str:
    is_plain = not {",", '"'} & set(value) and value.split()[0].casefold() not in _RESERVED
    return value if is_plain else '"{}"'.format(value.replace('"', '""'))


def _read(line: str, found: dict[str, dict[str, Any]], vocabulary: Vocabulary) -> None:
    """ValueError with one sentence."""
    matched = _LINE.fullmatch(line)
    if matched is None:
        raise ValueError(_("“%(line)s” is no condition; write “priority is urgent, high”.") % {"line": line[:60]})
    key, said, rest = matched[1], " ".join(matched[2].casefold().split()), matched[3] or ""
    operator, truth = _SAID[said]
    if key.startswith(FIELD) and _is_text(key, vocabulary):
        operator = _BY_WORDS.get(operator, operator)
    parts = found.setdefault(key, {})
    if operator in parts:
        sentence = _("“%(key)s” is asked twice in the same way: put the values into one line.")
        raise ValueError(sentence % {"key": key[:60]})
    parts[operator] = _value(key, operator, rest, truth)


def _value(key: str, operator: str, rest: str, truth: bool) -> Any:
    if operator == GIVEN:
        if rest.strip():
            raise ValueError(_("“%(key)s” is given or not: nothing follows.") % {"key": key[:60]})
        return truth
    values = [rest.strip()] if operator in _WHOLE and rest.strip() else _values(rest)
    if not values:
        raise ValueError(_("“%(key)s” needs a value.") % {"key": key[:60]})
    if operator not in (FROM, TO, *_WHOLE):
        return values
    if len(values) > 1:
        raise ValueError(_("“%(key)s” has one bound: write one value.") % {"key": key[:60]})
    return values[0]


def _values(rest: str) -> Sequence[str]:
    """What stands between commas; a value that has one itself stands in quotation marks."""
    lines = csv.reader([rest], skipinitialspace=True)
    return [value.strip() for line in lines for value in line if value.strip()]


def _is_text(key: str, vocabulary: Vocabulary) -> bool:
    field = vocabulary.fields.get(key.removeprefix(FIELD))
    return field is not None and field.type == FieldType.TEXT
