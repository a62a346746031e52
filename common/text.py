"""Text from outside, made safe to keep: one line or many, bounded, without control characters."""

import re
import unicodedata

from django.utils.translation import gettext as _

from common.errors import InvalidInput

SUBJECT_LIMIT = 200
BODY_LIMIT = 100_000

# SECURITY, header injection: what some program takes for the end of a line.
_LINE_BREAKS = re.compile("[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
# Lone surrogates are no text: no database takes them.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
# Unicode's Stream-Safe Text Format (UAX #15, 13): no script needs more marks on one letter.
_MARKS_LIMIT = 30


def one_line(value: str, *, field: str, limit: int = SUBJECT_LIMIT) -> str:
    """A line from a person: stripped; InvalidInput when empty, too long, or with control characters."""
    text = _normal(_bounded(value.strip(), field, limit))
    if not text:
        raise InvalidInput.of(field, _("This must not be empty."))
    if not is_one_line(text):
        raise InvalidInput.of(field, _("This must be one line without control characters."))
    return _bounded(text, field, limit)


def is_one_line(value: str) -> bool:
    return not (_LINE_BREAKS.search(value) or _CONTROLS.search(value))


def many_lines(value: str, *, field: str, limit: int = BODY_LIMIT) -> str:
    """A text from a person, line ends made uniform; InvalidInput when empty, too long, or with control characters."""
    text = _normal(_bounded(value.replace("\r\n", "\n").replace("\r", "\n").strip(), field, limit))
    if not text:
        raise InvalidInput.of(field, _("This must not be empty."))
    if _CONTROLS.search(text):
        raise InvalidInput.of(field, _("This must not hold control characters."))
    return _bounded(text, field, limit)


def flatten(value: str, *, limit: int = SUBJECT_LIMIT) -> str:
    """The same for text that cannot be refused (a mail's header): what is harmful is replaced, the rest cut."""
    text = _CONTROLS.sub("", _LINE_BREAKS.sub(" ", value[: limit * 4])).strip()
    return _normal(text)[:limit].strip()


def readable(value: str, *, limit: int = BODY_LIMIT) -> str:
    """The same for many lines that cannot be refused (a mail's text)."""
    text = value[: limit * 4].replace("\r\n", "\n").replace("\r", "\n")
    return _normal(_CONTROLS.sub("", text)).strip()[:limit].strip()


def _bounded(value: str, field: str, limit: int) -> str:
    if len(value) > limit:
        raise InvalidInput.of(field, _("This is too long: at most %(limit)d characters.") % {"limit": limit})
    return value


def _normal(value: str) -> str:
    """NFC of the text without heaps of marks: over those, normalising takes quadratic time."""
    if value.isascii():
        return value
    # Few different characters stand in a text, so it is these that are asked first.
    known = [character for character in set(value) if unicodedata.combining(character)]
    if sum(map(value.count, known)) <= _MARKS_LIMIT:
        return unicodedata.normalize("NFC", value)
    marks = 0
    kept: list[str] = []
    for character in value:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MARKS_LIMIT:
            kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))


def counted(number: int, one: str) -> str:
    """`1 ticket`, `2 tickets`: for terminals, which speak English."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"
