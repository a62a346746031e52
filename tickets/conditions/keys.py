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
MATCHES, MATCHES_NOT = "matches", "matches_not"

OPERATORS = (ANY, ALL, NOT, WORDS, WITHOUT, MATCHES, MATCHES_NOT, FROM, TO, GIVEN)


class Shape(StrEnum):
    """What a key finds on a ticket: one value, several at once, or a text of which words are asked."""

    ONE = "one"
    MANY = "many"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Key:
    """`values` where only these exist, by their names; `can_lack` where a ticket may have none; `unit` of a figure.

    `of` a text are its words; `written` is the text itself, for patterns.
    """

    name: str
    label: str | Promise
    shape: Shape
    of: Callable[[Facts], object]
    operators: tuple[str, ...]
    values: Mapping[str, str | Promise] | None = None
    can_lack: bool = True
    unit: str | Promise = ""
    written: Callable[[Facts], str] | None = None


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

    `teams` and `organisations` must hold those that the conditions name, and may hold more. `with_signals` where
    what changes with the time may be asked: of criteria, which are asked again when it comes true. `former`: what an
    organisation was called that was merged into another one, and what that one is called.
    """

    teams: Mapping[str, str] = field(default_factory=dict)
    organisations: Mapping[str, str] = field(default_factory=dict)
    former: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Field] = field(default_factory=dict)
    with_signals: bool = False


_LANGUAGES = dict(settings.LANGUAGES)
_ONE_OF = (ANY, NOT)
_ONE_OR_NONE = (ANY, NOT, GIVEN)
_IN_A_TEXT = (ANY, ALL, NOT, MATCHES, MATCHES_NOT)


def _text(name: str, label: Promise, of: Callable[[Facts], str], written: Callable[[Facts], str]) -> Key:
    return Key(name, label, Shape.TEXT, of, _IN_A_TEXT, can_lack=False, written=written)


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
        _text("keywords", _("text"), lambda facts: facts.words, lambda facts: facts.written),
        _text("subject", _("subject"), lambda facts: facts.words_of["subject"], lambda facts: facts.subject),
        _text("message", _("message"), lambda facts: facts.words_of["message"], lambda facts: facts.text),
        _text("sender", _("sender’s address"), lambda facts: facts.words_of["sender"], lambda facts: facts.sender),
    )
}


def _signal(name: str, label: Promise, unit: Promise) -> Key:
    return Key(name, label, Shape.ONE, lambda facts: facts.signals.get(name, ""), (FROM, TO), unit=unit)


# What is asked of whoever has the ticket (R33); a senior lead is senior.
OWNER, DEPARTMENT = "owner", "department"
RANKS: dict[str, str | Promise] = {"member": _("an agent"), "lead": _("a team's lead"), "senior": _("senior")}

# What only criteria of escalation can ask (R11): it moves with the time, and a policy or a rule is asked once.
WAITING, REPLY_USED = "waiting", "reply_used"
SIGNALS: dict[str, Key] = {
    key.name: key
    for key in (
        _signal(WAITING, _("minutes without an answer"), _("In minutes, counted from what is unanswered.")),
        _signal(REPLY_USED, _("share of the first reply's time"), _("In per cent of the promise, in its own hours.")),
        _signal("escalations", _("customer's escalations so far"), _("A number.")),
        _signal("breaches", _("customer's missed promises so far"), _("A number.")),
        _signal("open_tickets", _("customer's open tickets"), _("A number, this ticket among them.")),
        Key(OWNER, _("owner"), Shape.ONE, lambda facts: facts.signals.get(OWNER, ""), _ONE_OR_NONE, RANKS),
        Key(DEPARTMENT, _("department"), Shape.MANY, lambda facts: facts.signals.get(DEPARTMENT, frozenset()), _ONE_OF),
    )
}
KNOWN: dict[str, Key] = {**KEYS, **SIGNALS}

_BY_TYPE: dict[str, tuple[Shape, tuple[str, ...]]] = {
    FieldType.CHOICE: (Shape.ONE, _ONE_OR_NONE),
    FieldType.NUMBER: (Shape.ONE, (ANY, NOT, FROM, TO, GIVEN)),
    FieldType.DATE: (Shape.ONE, (ANY, NOT, FROM, TO, GIVEN)),
    FieldType.TEXT: (Shape.TEXT, (WORDS, WITHOUT, MATCHES, MATCHES_NOT, GIVEN)),
}


def field_key(name: str, known: Field) -> Key:
    """A custom field as a key; `name` is the field's own."""
    shape, operators = _BY_TYPE[known.type]
    return Key(FIELD + name, known.label, shape, reader_of(name, shape), operators)


def written_in(key: str) -> Callable[[Facts], str]:
    """A key's text as somebody wrote it; empty where there is none."""
    known = KNOWN[key].written if key in KNOWN else None
    name = key.removeprefix(FIELD)
    return known if known is not None else lambda facts: str(facts.fields.get(name, ""))


def reader_of(name: str, shape: Shape) -> Callable[[Facts], object]:
    if shape is Shape.TEXT:
        return lambda facts: facts.words_in_fields.get(name, "")
    return lambda facts: facts.fields.get(name, "")


def label_of(key: str, vocabulary: Vocabulary) -> str:
    """The key in words; a deleted custom field by its own name."""
    if key in KNOWN:
        return str(KNOWN[key].label)
    name = key.removeprefix(FIELD)
    return vocabulary.fields[name].label if name in vocabulary.fields else name


def name_of(key: str, value: Value, vocabulary: Vocabulary) -> str:
    """A value in words; what is not known any more by itself."""
    named = {"team": vocabulary.teams, DEPARTMENT: vocabulary.teams, "organisation": vocabulary.organisations}
    known: Mapping[str, str | Promise] = named.get(key, (KNOWN[key].values if key in KNOWN else None) or {})
    return str(known.get(str(value), value))
