"""Conditions as a person gave them: one clear sentence for each mistake. Pure."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.numbers import whole
from common.text import one_line
from common.words import words_of
from tickets.conditions.analysis import can_never_hold
from tickets.conditions.facts import Value
from tickets.conditions.keys import (
    ANY,
    DEPARTMENT,
    FIELD,
    FROM,
    GIVEN,
    KEYS,
    MATCHES,
    MATCHES_NOT,
    SIGNALS,
    TO,
    Field,
    Key,
    Vocabulary,
    field_key,
)
from tickets.conditions.patterns import LONGEST_PATTERN, NotAPattern, check_pattern
from tickets.enums import FieldType

MOST_KEYS, MOST_VALUES, LONGEST_VALUE, LONGEST_TAG = 40, 100, 200, 40
# Two years of minutes.
MOST_FIGURE = 1_000_000
# As many as a JSON number keeps exactly.
_DIGITS = 15


class _Mistake(ValueError):
    """One sentence for a person."""


def check(conditions: Any, vocabulary: Vocabulary) -> dict[str, Any]:
    """The conditions as they are stored. InvalidInput on `conditions` with a sentence for each mistake.

    Conditions that no ticket can ever meet are one (R56: a rule that can never hold is said when it is saved).
    """
    stored, mistakes = _read(conditions, vocabulary)
    if not mistakes and can_never_hold(stored):
        mistakes = [_contradiction(stored)]
    if mistakes:
        raise InvalidInput({"conditions": mistakes})
    return stored


def mistakes_in(conditions: Any, vocabulary: Vocabulary) -> list[str]:
    """What has become wrong with stored conditions: a team that is gone, a choice that is no longer offered."""
    return _read(conditions, vocabulary)[1]


def _read(conditions: Any, vocabulary: Vocabulary) -> tuple[dict[str, Any], list[str]]:
    if not isinstance(conditions, Mapping):
        return {}, [_("Conditions must be an object of lists.")]
    if len(conditions) > MOST_KEYS:
        return {}, [_("There are at most %(limit)d conditions.") % {"limit": MOST_KEYS}]
    stored, mistakes = {}, []
    for name, asked in conditions.items():
        try:
            stored[str(name)] = _test(_known_key(str(name), vocabulary), asked, vocabulary)
        except _Mistake as mistake:
            mistakes.append(str(mistake))
    return stored, mistakes


def _contradiction(stored: Mapping[str, Any]) -> str:
    """Keys are independent, so one of them is impossible by itself."""
    guilty = next(key for key, asked in stored.items() if can_never_hold({key: asked}))
    return _("No ticket can ever meet this: “%(key)s” contradicts itself.") % {"key": guilty}


def _known_key(name: str, vocabulary: Vocabulary) -> Key:
    if name in KEYS:
        return KEYS[name]
    if name in SIGNALS:
        return _signal(name, vocabulary)
    if name.startswith(FIELD):
        field = vocabulary.fields.get(name.removeprefix(FIELD))
        if field is None:
            raise _Mistake(_("There is no custom field “%(key)s”.") % {"key": name.removeprefix(FIELD)[:40]})
        return field_key(name.removeprefix(FIELD), field)
    raise _Mistake(
        _("There is no condition “%(key)s”; there are %(keys)s.")
        % {"key": name[:40], "keys": ", ".join((*KEYS, f"{FIELD}…"))}
    )


def _signal(name: str, vocabulary: Vocabulary) -> Key:
    if not vocabulary.with_signals:
        words = _("“%(key)s” moves with the time: only a criterion of escalation can ask it.")
        raise _Mistake(words % {"key": SIGNALS[name].label})
    return SIGNALS[name]


def _test(key: Key, asked: Any, vocabulary: Vocabulary) -> Any:
    if not isinstance(asked, Mapping):
        asked = {key.operators[0]: asked}
    if not asked:
        raise _Mistake(_("“%(key)s” needs a value.") % {"key": key.name})
    unknown = [str(operator) for operator in asked if operator not in key.operators]
    if unknown:
        raise _Mistake(
            _("“%(key)s” has no “%(operator)s”; there are %(known)s.")
            % {"key": key.name, "operator": unknown[0][:40], "known": ", ".join(key.operators)}
        )
    parts = {name: _part(name)(key, asked[name], vocabulary) for name in key.operators if name in asked}
    if FROM in parts and TO in parts and parts[FROM] > parts[TO]:
        raise _Mistake(
            _("“%(key)s” goes from %(low)s to %(high)s: the first must not be the greater.")
            % {"key": key.name, "low": parts[FROM], "high": parts[TO]}
        )
    # The short form where it says the same: one condition is written in one way.
    return parts[ANY] if list(parts) == [ANY] else parts


def _given(key: Key, value: Any, vocabulary: Vocabulary) -> bool:
    if not isinstance(value, bool):
        raise _Mistake(_("“%(key)s” is given or not: true or false.") % {"key": key.name})
    return value


def _values(key: Key, given: Any, vocabulary: Vocabulary) -> list[Value]:
    if not isinstance(given, list | tuple) or not given:
        raise _Mistake(_("“%(key)s” needs a list of values.") % {"key": key.name})
    if len(given) > MOST_VALUES:
        raise _Mistake(_("“%(key)s” takes at most %(limit)d values.") % {"key": key.name, "limit": MOST_VALUES})
    return list(dict.fromkeys(_value(key, value, vocabulary) for value in given))


def _part(operator: str) -> Callable[[Key, Any, Vocabulary], Any]:
    own = {GIVEN: _given, FROM: _value, TO: _value, MATCHES: _pattern, MATCHES_NOT: _pattern}
    return own.get(operator, _values)


def _pattern(key: Key, value: Any, vocabulary: Vocabulary) -> str:
    if not isinstance(value, str):
        raise _Mistake(_("A pattern of “%(key)s” is one text, such as “ombudsman|procon”.") % {"key": key.name})
    try:
        return check_pattern(one_line(value, field="conditions", limit=LONGEST_PATTERN))
    except InvalidInput:
        raise _Mistake(
            _("The pattern of “%(key)s” is a line of 1 to %(limit)d characters.")
            % {"key": key.name, "limit": LONGEST_PATTERN}
        ) from None
    except NotAPattern as mistake:
        raise _Mistake(str(mistake)) from None


def _value(key: Key, value: Any, vocabulary: Vocabulary) -> Value:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _Mistake(_("“%(key)s” needs texts.") % {"key": key.name})
    try:
        text = one_line(str(value), field="conditions", limit=LONGEST_VALUE)
    except (InvalidInput, ValueError):  # a number of thousands of digits is no text even to Python
        raise _Mistake(
            _("Each value of “%(key)s” is a line of 1 to %(limit)d characters.")
            % {"key": key.name, "limit": LONGEST_VALUE}
        ) from None
    if key.values is not None:
        return _one_of(key, text, key.values)
    if key.name in SIGNALS and key.unit:
        return _figure(key, text)
    if key.name.startswith(FIELD):
        field = vocabulary.fields[key.name.removeprefix(FIELD)]
        return _FIELD_VALUES[field.type](key, text, field)
    return _VALUES.get(key.name, _any_text)(key, text, vocabulary)


def _one_of(key: Key, text: str, known: Iterable[str]) -> str:
    if text not in known:
        raise _Mistake(
            _("There is no “%(value)s” of “%(key)s”; there are %(known)s.")
            % {"key": key.name, "value": text[:40], "known": ", ".join(known)}
        )
    return text


def _team(key: Key, text: str, vocabulary: Vocabulary) -> str:
    if text not in vocabulary.teams:
        raise _Mistake(_("There is no team “%(value)s”.") % {"value": text[:40]})
    return text


def _organisation(key: Key, text: str, vocabulary: Vocabulary) -> str:
    text = vocabulary.former.get(text, text)
    if text not in vocabulary.organisations:
        raise _Mistake(_("There is no organisation “%(value)s”.") % {"value": text[:40]})
    return text


def _tag(key: Key, text: str, vocabulary: Vocabulary) -> str:
    # Tags are kept so; one that nobody has used yet may be asked for.
    if len(text) > LONGEST_TAG:
        raise _Mistake(_("A tag has at most %(limit)d characters.") % {"limit": LONGEST_TAG})
    return text.casefold()


def _any_text(key: Key, text: str, vocabulary: Vocabulary) -> str:
    return text


def _keyword(key: Key, text: str, about: Any) -> str:
    if not words_of(text):
        raise _Mistake(_("“%(value)s” holds no word that could be found.") % {"value": text[:40]})
    return text


def _figure(key: Key, text: str) -> int:
    figure = whole(text)
    if figure is None or not 0 < figure <= MOST_FIGURE:
        words = _("“%(key)s” needs a whole number from 1 to %(most)d, not “%(value)s”.")
        raise _Mistake(words % {"key": key.label, "most": MOST_FIGURE, "value": text[:40]})
    return figure


def _number(key: Key, text: str, field: Field) -> Value:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > _DIGITS or len(number.as_tuple().digits) > _DIGITS:
        raise _Mistake(_("“%(value)s” of “%(key)s” is not a number.") % {"key": key.name, "value": text[:40]})
    return int(number) if number == number.to_integral_value() else float(number)


def _date(key: Key, text: str, field: Field) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise _Mistake(
            _("“%(value)s” of “%(key)s” is not a date such as 2026-11-18.") % {"key": key.name, "value": text[:40]}
        ) from None


_VALUES: dict[str, Callable[[Key, str, Vocabulary], str]] = {
    "team": _team,
    DEPARTMENT: _team,
    "organisation": _organisation,
    "tags": _tag,
    "keywords": _keyword,
}
_FIELD_VALUES: dict[str, Callable[[Key, str, Field], Value]] = {
    FieldType.TEXT: _keyword,
    FieldType.NUMBER: _number,
    FieldType.DATE: _date,
    FieldType.CHOICE: lambda key, text, field: _one_of(key, text, field.choices),
}
