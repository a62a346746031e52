"""Conditions as rows of a form: what, how, which values. Works as a plain form: each button shows the page again."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import InvalidInput
from desk.forms.row_buttons import RowButtons
from people.models import Organisation
from tickets.conditions import FIELD, KEYS, KNOWN, SIGNALS, Conditions, Field, Key, Shape, Vocabulary, field_key
from tickets.conditions.grammar import Test, parts_of, tests_of
from tickets.conditions.keys import (
    ALL,
    ANY,
    DEPARTMENT,
    FROM,
    GIVEN,
    MATCHES,
    MATCHES_NOT,
    NOT,
    TO,
    WITHOUT,
    WORDS,
    label_of,
)
from tickets.conditions.patterns import NotAPattern, check_pattern, finder
from tickets.vocabulary import check, vocabulary_for

PREFIX = "when"
MOST_ROWS = 60
LONGEST_SAMPLE = 4000
# Stands for {"given": false} where an operator is chosen.
LACKING = "lacking"
_BUTTONS = RowButtons(PREFIX, "key")

_WORDS: dict[Shape, dict[str, Promise]] = {
    Shape.ONE: {ANY: gettext_lazy("is"), NOT: gettext_lazy("is not")},
    Shape.MANY: {ANY: gettext_lazy("is one of"), ALL: gettext_lazy("is each of"), NOT: gettext_lazy("is none of")},
    Shape.TEXT: {
        **dict.fromkeys((ANY, WORDS), gettext_lazy("has one of")),
        ALL: gettext_lazy("has each of"),
        **dict.fromkeys((NOT, WITHOUT), gettext_lazy("has none of")),
    },
}
_BOUNDS: dict[str, Promise] = {FROM: gettext_lazy("is at least"), TO: gettext_lazy("is at most")}
_PATTERNS: dict[str, Promise] = {MATCHES: gettext_lazy("matches"), MATCHES_NOT: gettext_lazy("does not match")}
_PRESENCE: dict[str, Promise] = {GIVEN: gettext_lazy("is given"), LACKING: gettext_lazy("is not given")}


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(slots=True)
class Row:
    """One line of the editor. `choices` are boxes to tick, otherwise `text` is what was typed.

    `sample` is a text to try a pattern on, `tried` whether it matches and what that says.
    """

    number: int
    key: str
    operator: str
    values: list[str]
    text: str
    label: str = ""
    operators: list[Choice] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    hint: str = ""
    sample: str = ""
    tried: tuple[bool, str] | None = None

    def name(self, part: str) -> str:
        return f"{PREFIX}-{self.number}-{part}"

    @property
    def names(self) -> dict[str, str]:
        return {part: self.name(part) for part in ("key", "is", "values", "text", "sample")}

    @property
    def wants_values(self) -> bool:
        return self.operator not in _PRESENCE

    @property
    def is_pattern(self) -> bool:
        return self.operator in _PATTERNS


class ConditionRows:
    """What stands in the editor, right or wrong; `conditions` reads it, and nothing that was typed is lost."""

    def __init__(self, rows: list[Row], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.rows = rows
        self.errors: list[str] = []
        for number, row in enumerate(rows):
            row.number = number
            self._dress(row)

    @classmethod
    def of(cls, conditions: Conditions, *, with_signals: bool = False) -> "ConditionRows":
        """As they are stored; a criterion can ask signals besides."""
        vocabulary = vocabulary_for(conditions, with_signals=with_signals)
        parts = [part for test in tests_of(conditions) for part in _split(test)]
        return cls([_row_of(part, vocabulary) for part in parts], vocabulary)

    @classmethod
    def read(cls, given: QueryDict) -> "ConditionRows":
        """As they came from the form, with what the buttons in it ask for: one row more, one less."""
        rows = [_row_from(given, number) for number in _BUTTONS.numbers(given, MOST_ROWS)]
        if added := _BUTTONS.added(given):
            rows.append(Row(0, added, "", [], ""))
        return cls(rows, vocabulary_for(with_signals=cls.has_signals(given)))

    @staticmethod
    def is_in(given: Mapping[str, Any]) -> bool:
        """One without rows means every ticket, no editor means nothing."""
        return _BUTTONS.is_in(given)

    @staticmethod
    def has_signals(given: Mapping[str, Any]) -> bool:
        """Whether it is the editor of a criterion."""
        return f"{PREFIX}-signals" in given

    @staticmethod
    def is_being_edited(given: Mapping[str, Any]) -> bool:
        return _BUTTONS.is_being_edited(given)

    @property
    def with_signals(self) -> bool:
        return self._vocabulary.with_signals

    @property
    def addable(self) -> list[Choice]:
        """What a further condition can be about."""
        offered = KNOWN if self.with_signals else KEYS
        known = [Choice(name, str(key.label), False) for name, key in offered.items()]
        own = [Choice(FIELD + name, one.label, False) for name, one in self._vocabulary.fields.items()]
        return [*known, *own]

    def conditions(self) -> dict[str, Any]:
        """As they are stored. InvalidInput on `conditions`; the sentences are kept in `errors` too."""
        try:
            return check(self._asked(), with_signals=self.with_signals)
        except InvalidInput as error:
            self.errors = error.errors["conditions"]
            raise

    def _asked(self) -> dict[str, dict[str, Any]]:
        asked: dict[str, dict[str, Any]] = {}
        for row in self.rows:
            parts = asked.setdefault(row.key, {})
            operator = GIVEN if row.operator == LACKING else row.operator
            if operator in parts:
                sentence = _("“%(key)s” is asked twice in the same way: put the values into one row.")
                raise InvalidInput.of("conditions", sentence % {"key": row.label})
            parts[operator] = self._value(row)
        return asked

    def _value(self, row: Row) -> Any:
        if row.operator in _PRESENCE:
            return row.operator == GIVEN
        if row.operator in _BOUNDS or row.is_pattern:
            return row.text.strip()
        values = row.values if row.choices else _typed(row.text)
        if not values:
            raise InvalidInput.of("conditions", _("“%(key)s” needs a value.") % {"key": row.label})
        return _slugs(values) if row.key == "organisation" else values

    def _dress(self, row: Row) -> None:
        """Give the row what it offers; a key that is gone offers nothing and is refused by its name."""
        key = _key(row.key, self._vocabulary)
        row.label = label_of(row.key, self._vocabulary)
        row.label = row.label[:1].upper() + row.label[1:]
        words = _operators(key) if key else {}
        row.operator = row.operator if row.operator in words else next(iter(words), ANY)
        row.operators = [Choice(name, str(label), name == row.operator) for name, label in words.items()]
        row.choices = [] if row.operator in _BOUNDS else self._choices(row, key)
        row.hint = _hint(row, key)
        if row.is_pattern and row.sample:
            row.tried = _tried(row)

    def _choices(self, row: Row, key: Key | None) -> list[Choice]:
        offered = self._offered(row.key, key)
        # What is stored and no longer offered stays to be seen, and is refused by name.
        offered |= {value: value for value in row.values if offered and value not in offered}
        return [Choice(value, label, value in row.values) for value, label in offered.items()]

    def _offered(self, name: str, key: Key | None) -> dict[str, str]:
        if name in {"team", DEPARTMENT}:
            return dict(self._vocabulary.teams)
        if name.startswith(FIELD):
            known = self._vocabulary.fields.get(name.removeprefix(FIELD))
            return {choice: choice for choice in known.choices} if known else {}
        return {value: str(label) for value, label in (key.values if key and key.values else {}).items()}


def _key(name: str, vocabulary: Vocabulary) -> Key | None:
    if name in KNOWN:
        return KNOWN[name]
    known: Field | None = vocabulary.fields.get(name.removeprefix(FIELD)) if name.startswith(FIELD) else None
    return field_key(name.removeprefix(FIELD), known) if known else None


def _operators(key: Key) -> dict[str, Promise]:
    words = {**_WORDS[key.shape], **_PATTERNS, **_BOUNDS}
    found = {name: words[name] for name in key.operators if name in words}
    return {**found, **_PRESENCE} if GIVEN in key.operators else found


def _hint(row: Row, key: Key | None) -> str:
    if row.choices or key is None or not row.wants_values:
        return ""
    if row.key in SIGNALS:
        return str(key.unit)
    if row.is_pattern:
        return _("Parts with “|” between: ombudsman|procon. In the way of RE2; upper and lower case are the same.")
    if key.shape is Shape.TEXT:
        return _("Words or phrases, with commas between; a star for the beginning of a word: payout*")
    known = row.key.startswith(FIELD)
    return _("With commas between.") if not known else _("A number, or a date such as 2026-11-18.")


def _tried(row: Row) -> tuple[bool, str]:
    """What the pattern makes of the text beside it, or what is wrong with the pattern."""
    try:
        found = finder(check_pattern(row.text.strip()))(row.sample)
    except NotAPattern as mistake:
        return False, str(mistake)
    if found is None:
        return False, _("Nothing in this text matches.")
    return True, _("This text matches by “%(found)s”.") % {"found": " ".join(found.split())[:80]}


def _split(test: Test) -> Iterator[Test]:
    """One row for each thing asked; a range is two."""
    for part in parts_of(test):
        if part.low is not None and part.high is not None:
            yield Test(part.key, part.shape, low=part.low)
            yield Test(part.key, part.shape, high=part.high)
        else:
            yield part


def _row_of(part: Test, vocabulary: Vocabulary) -> Row:
    by_words = part.shape is Shape.TEXT and bool(part.field)
    if part.given is not None:
        return Row(0, part.key, GIVEN if part.given else LACKING, [], "")
    if part.low is not None or part.high is not None:
        operator, value = (FROM, part.low) if part.low is not None else (TO, part.high)
        return Row(0, part.key, operator, [], str(value))
    if part.like is not None or part.unlike is not None:
        operator, value = (MATCHES, part.like) if part.like is not None else (MATCHES_NOT, part.unlike)
        return Row(0, part.key, operator, [], str(value))
    operator = (
        (WORDS if by_words else ANY)
        if part.any is not None
        else ALL
        if part.all is not None
        else (WITHOUT if by_words else NOT)
    )
    values = [str(value) for value in (*(part.any or ()), *(part.all or ()), *(part.none or ()))]
    shown = [vocabulary.organisations.get(value, value) for value in values] if part.key == "organisation" else values
    return Row(0, part.key, operator, values, ", ".join(map(_quoted, shown)))


def _row_from(given: QueryDict, number: int) -> Row:
    name = f"{PREFIX}-{number}-"
    return Row(
        number,
        key=str(given[f"{name}key"]),
        operator=given.get(f"{name}is", ""),
        values=given.getlist(f"{name}values"),
        text=given.get(f"{name}text", ""),
        sample=given.get(f"{name}sample", "")[:LONGEST_SAMPLE],
    )


def _typed(text: str) -> list[str]:
    """What stands between commas; a value that has one itself stands in quotation marks."""
    lines = csv.reader([text.replace("\r", " ").replace("\n", " ")], skipinitialspace=True)
    return [value.strip() for line in lines for value in line if value.strip()]


def _quoted(value: str) -> str:
    return f'"{value}"' if "," in value else value


def _slugs(names: list[str]) -> list[str]:
    """Organisations by the name that people know, or by the short one."""
    wanted = [name for name in names if "\x00" not in name]
    rows = Organisation.objects.filter(Q(name__in=wanted) | Q(slug__in=wanted)).values_list("name", "slug")
    known = dict(rows) | {slug: slug for _name, slug in rows}
    return [known.get(name, name) for name in names]
