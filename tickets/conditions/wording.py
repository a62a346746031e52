"""Conditions in words: as chips, and as an account of why they hold for a ticket or do not. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from common.dates import said
from tickets.conditions.facts import Facts, Value
from tickets.conditions.grammar import Conditions, Phrase, Test, parts_of, tests_of
from tickets.conditions.holding import phrases, predicate_of
from tickets.conditions.keys import KNOWN, Shape, Vocabulary, label_of, name_of, reader_of, written_in
from tickets.conditions.patterns import finder

# More tags than anybody reads.
_MOST_NAMED = 10
# Of what a pattern has found.
_LONGEST_FOUND = 40


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that conditions ask, in words: “customer tier is Enterprise”."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Part:
    """One thing asked of one ticket. `sentence` says all of it: “customer tier is Enterprise: no, it is Standard”."""

    key: str
    words: str
    wanted: str
    found: str
    holds: bool
    sentence: str


def describe(conditions: Conditions, vocabulary: Vocabulary) -> list[Chip]:
    """What is asked, to be read with “and” in between; nothing where everything is taken."""
    return [Chip(test.key, _words(test, vocabulary)) for test in _parts(conditions)]


def in_words(conditions: Conditions, vocabulary: Vocabulary) -> str:
    """The same as one line."""
    return _(" and ").join(chip.words for chip in describe(conditions, vocabulary)) or _("every ticket")


def explain(conditions: Conditions, facts: Facts, vocabulary: Vocabulary) -> list[Part]:
    """Why conditions hold or do not: all of them, in order, each with what was found."""
    return [_part(test, facts, vocabulary) for test in _parts(conditions)]


def found_by(test: Test, facts: Facts, vocabulary: Vocabulary) -> str:
    """What a test found on a ticket, in words; empty where there is nothing."""
    return _FOUND[test.shape](test, facts, vocabulary)


def _parts(conditions: Conditions) -> Iterable[Test]:
    return (part for test in tests_of(conditions) for part in parts_of(test))


def _part(test: Test, facts: Facts, vocabulary: Vocabulary) -> Part:
    holds = predicate_of(test)(facts)
    found = _FOUND[test.shape](test, facts, vocabulary)
    words = _words(test, vocabulary)
    shape = _HELD[bool(found)] if holds else _FAILED[bool(found)]
    return Part(
        key=test.key,
        words=words,
        wanted=_wanted(test, vocabulary),
        found=found,
        holds=holds,
        sentence=str(shape()) % {"asked": words, "found": found},
    )


# With and without something that was found; called where the reader's language is known.
_HELD: dict[bool, Callable[[], str]] = {
    True: lambda: _("%(asked)s: yes, %(found)s"),
    False: lambda: _("%(asked)s: yes, there is none"),
}
_FAILED: dict[bool, Callable[[], str]] = {
    True: lambda: _("%(asked)s: no, it is %(found)s"),
    False: lambda: _("%(asked)s: no, there is none"),
}


def _found_one(test: Test, facts: Facts, vocabulary: Vocabulary) -> str:
    of = KNOWN[test.key].of if test.key in KNOWN else reader_of(test.field, test.shape)
    value = of(facts)
    return _named(test.key, value, vocabulary) if isinstance(value, str | int | float) and value != "" else ""


def _found_tags(test: Test, facts: Facts, vocabulary: Vocabulary) -> str:
    found: Any = KNOWN[test.key].of(facts)
    return ", ".join(sorted(_named(test.key, one, vocabulary) for one in found)[:_MOST_NAMED])


def _found_words(test: Test, facts: Facts, vocabulary: Vocabulary) -> str:
    """Which of the words asked for are there; the text itself may be long."""
    words = str(KNOWN[test.key].of(facts)) if test.key in KNOWN else facts.words_in_fields.get(test.field, "")
    asked = (*(test.any or ()), *(test.all or ()), *(test.none or ()))
    there = [_as_read(phrase) for phrase in phrases(asked) if phrase.is_in(words)]
    there += [" ".join(found.split())[:_LONGEST_FOUND] for found in _matching(test, facts)]
    return ", ".join(_("“%(word)s”") % {"word": word} for word in there[:_MOST_NAMED])


def _matching(test: Test, facts: Facts) -> list[str]:
    """What each pattern has found, where it has found anything."""
    sources = [source for source in (test.like, test.unlike) if source is not None]
    found = [finder(source)(written_in(test.key)(facts)) for source in sources]
    return [one for one in found if one]


_FOUND: dict[Shape, Callable[[Test, Facts, Vocabulary], str]] = {
    Shape.ONE: _found_one,
    Shape.MANY: _found_tags,
    Shape.TEXT: _found_words,
}


def _words(test: Test, vocabulary: Vocabulary) -> str:
    given = {"key": label_of(test.key, vocabulary), "values": _wanted(test, vocabulary)}
    return _shape(test) % given


def _shape(test: Test) -> str:
    """“%(key)s is %(values)s”, or what fits the test, in the reader's language."""
    if test.given is not None:
        return _("%(key)s is given") if test.given else _("%(key)s is not given")
    if test.low is not None and test.high is not None:
        return _("%(key)s is from %(values)s")
    if test.low is not None:
        return _("%(key)s is at least %(values)s")
    if test.high is not None:
        return _("%(key)s is at most %(values)s")
    return str(_SHAPES[test.shape, _asked(test), len(_values(test)) > 1]())


_SHAPES: dict[tuple[Shape, str, bool], Callable[[], str]] = {
    (Shape.ONE, "any", False): lambda: _("%(key)s is %(values)s"),
    (Shape.ONE, "any", True): lambda: _("%(key)s in %(values)s"),
    (Shape.ONE, "none", False): lambda: _("%(key)s is not %(values)s"),
    (Shape.ONE, "none", True): lambda: _("%(key)s not in %(values)s"),
    (Shape.MANY, "any", False): lambda: _("%(key)s is %(values)s"),
    (Shape.MANY, "any", True): lambda: _("%(key)s is one of %(values)s"),
    (Shape.MANY, "all", False): lambda: _("%(key)s is %(values)s"),
    (Shape.MANY, "all", True): lambda: _("%(key)s is each of %(values)s"),
    (Shape.MANY, "none", False): lambda: _("%(key)s is not %(values)s"),
    (Shape.MANY, "none", True): lambda: _("%(key)s is none of %(values)s"),
    (Shape.TEXT, "any", False): lambda: _("%(key)s has %(values)s"),
    (Shape.TEXT, "any", True): lambda: _("%(key)s has one of %(values)s"),
    (Shape.TEXT, "all", False): lambda: _("%(key)s has %(values)s"),
    (Shape.TEXT, "all", True): lambda: _("%(key)s has each of %(values)s"),
    (Shape.TEXT, "none", False): lambda: _("%(key)s has no %(values)s"),
    (Shape.TEXT, "none", True): lambda: _("%(key)s has none of %(values)s"),
    (Shape.TEXT, "like", False): lambda: _("%(key)s matches %(values)s"),
    (Shape.TEXT, "unlike", False): lambda: _("%(key)s does not match %(values)s"),
}


def _asked(test: Test) -> str:
    return next(name for name in ("any", "all", "none", "like", "unlike") if getattr(test, name) is not None)


def _values(test: Test) -> Sequence[Value]:
    patterns = (source for source in (test.like, test.unlike) if source is not None)
    return (*(test.any or ()), *(test.all or ()), *(test.none or ()), *patterns)


def _wanted(test: Test, vocabulary: Vocabulary) -> str:
    if test.low is not None and test.high is not None:
        low, high = (_named(test.key, value, vocabulary) for value in (test.low, test.high))
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    bounds = [value for value in (test.low, test.high) if value is not None]
    names = [_named(test.key, value, vocabulary) for value in (*bounds, *_values(test))]
    if test.shape is Shape.TEXT:
        names = [_("“%(word)s”") % {"word": name} for name in names]
    return ", ".join(names)


def _named(key: str, value: Value, vocabulary: Vocabulary) -> str:
    """A value in the reader's words; numbers and dates as his country writes them."""
    if not isinstance(value, str):
        return number_format(value)
    field = vocabulary.fields.get(key.partition(":")[2])
    if field is not None and field.type == "date":
        return _day(value)
    return name_of(key, value, vocabulary)


def _day(value: str) -> str:
    try:
        return said(date.fromisoformat(value), "j M Y")
    except ValueError:
        return value


def _as_read(phrase: Phrase) -> str:
    return " ".join(phrase.words) + ("…" if phrase.is_prefix else "")
