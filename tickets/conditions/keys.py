"""What conditions can be about: a new key is a line in the table. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people.enums import Tier
from tickets.conditions.facts import Facts, Value
from tickets.enums import Channel, FieldType, Kind, Priority

FIELD = "field:"
ANY, ALL, NOT, WORDS, WITHOUT, FROM, TO, GIVEN = "any", "all", "not", "words", "without", "from", "to", "given"


OPERATORS = (ANY, ALL, NOT, WORDS, WITHOUT, FROM, TO, GIVEN)


class Shape(StrEnum):
    """What a key finds on a ticket: one value, several at once, or a text of which words are asked."""

    ONE = "one"
    MANY = "many"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Key:
    """`values` where only these exist, with their names; `can_lack` where a ticket may have none."""

    name: str
    label: str | Promise
    shape: Shape
    of: Callable[[Facts], object]
    operators: tuple[str, ...]
    values: Mapping[str, str | Promise] | None = None
    can_lack: bool = True


@dataclass(frozen=True, slots=True)
class Field:
    """A custom field as conditions know it."""

    label: str
    type: str
    choices: tuple[str, ...] = ()
    is_enabled: bool = True


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What exists at this desk, by short name: what conditions are checked against and named after.

    `teams` and `organisations` must hold those that the conditions name, and may hold more.
    """

    teams: Mapping[str, str] = field(default_factory=dict)
    organisations: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Field] = field(default_factory=dict)


_LANGUAGES = dict(settings.LANGUAGES)
_ONE_OF = (ANY, NOT)
_ONE_OR_NONE = (ANY, NOT, GIVEN)

KEYS: dict[str, Key] = {
    key.name: key
    for key in (
        Key("priority", _("priority"), Shape.ONE, lambda facts: facts.priority, _ONE_OF, dict(Priority.choices), False),
        Key("type", _("type"), Shape.ONE, lambda facts: facts.kind, _ONE_OF, dict(Kind.choices), False),
        Key("channel", _("channel"), Shape.ONE, lambda facts: facts.channel, _ONE_OF, dict(Channel.choices), False),
        Key("team", _("team"), Shape.ONE, lambda facts: facts.team, _ONE_OR_NONE),
        Key("tier", _("customer tier"), Shape.ONE, lambda facts: facts.tier, _ONE_OR_NONE, dict(Tier.choices)),
        Key("organisation", _("organisation"), Shape.ONE, lambda facts: facts.organisation, _ONE_OR_NONE),
        Key("contract", _("contract"), Shape.ONE, lambda facts: facts.contract, _ONE_OR_NONE),
        Key(
            "language", _("language"), Shape.ONE, lambda facts: facts.language, _ONE_OF, dict(settings.LANGUAGES), False
        ),
        Key("tags", _("tag"), Shape.MANY, lambda facts: facts.tags, (ANY, ALL, NOT, GIVEN)),
        Key("keywords", _("text"), Shape.TEXT, lambda facts: facts.words, (ANY, ALL, NOT), can_lack=False),
    )
}

_BY_TYPE: dict[str, tuple[Shape, tuple[str, ...]]] = {
    FieldType.CHOICE: (Shape.ONE, _ONE_OR_NONE),
    FieldType.NUMBER: (Shape.ONE, (ANY, NOT, FROM, TO, GIVEN)),
    FieldType.DATE: (Shape.ONE, (ANY, NOT, FROM, TO, GIVEN)),
    FieldType.TEXT: (Shape.TEXT, (WORDS, WITHOUT, GIVEN)),
}


def field_key(name: str, known: Field) -> Key:
    """A custom field as a key; `name` is the field's own."""
    shape, operators = _BY_TYPE[known.type]
    return Key(FIELD + name, known.label, shape, reader_of(name, shape), operators)


def reader_of(name: str, shape: Shape) -> Callable[[Facts], object]:
    if shape is Shape.TEXT:
        return lambda facts: facts.words_in_fields.get(name, "")
    return lambda facts: facts.fields.get(name, "")


def label_of(key: str, vocabulary: Vocabulary) -> str:
    """The key in words; a deleted custom field by its own name."""
    if key in KEYS:
        return str(KEYS[key].label)
    name = key.removeprefix(FIELD)
    return vocabulary.fields[name].label if name in vocabulary.fields else name


def name_of(key: str, value: Value, vocabulary: Vocabulary) -> str:
    """A value in words; what is not known any more by itself."""
    known: Mapping[str, str | Promise] = {"team": vocabulary.teams, "organisation": vocabulary.organisations}.get(
        key, (KEYS[key].values if key in KEYS else None) or {}
    )
    return str(known.get(str(value), value))
