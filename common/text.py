"""Text from outside, made safe to keep: one line or many, bounded, without control characters."""

import re
import unicodedata

from django.utils.translation import gettext as _

from common.errors import InvalidInput

SUBJECT_LIMIT = 200
BODY_LIMIT = 100_000

# SECURITY, header injection: what some program takes for the end of a line.
_LINE_BREAKS = re.compile("[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def one_line(value: str, *, field: str, limit: int = SUBJECT_LIMIT) -> str:
    """A line from a person: stripped; InvalidInput when empty, too long, or with control characters."""
    text = unicodedata.normalize("NFC", value).strip()
    if not text:
        raise InvalidInput.of(field, _("This must not be empty."))
    if _LINE_BREAKS.search(text) or _CONTROLS.search(text):
        raise InvalidInput.of(field, _("This must be one line without control characters."))
    if len(text) > limit:
        raise InvalidInput.of(field, _("This is too long: at most %(limit)d characters.") % {"limit": limit})
    return text


def many_lines(value: str, *, field: str, limit: int = BODY_LIMIT) -> str:
    """A text from a person, line ends made uniform; InvalidInput when empty, too long, or with control characters."""
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not text:
        raise InvalidInput.of(field, _("This must not be empty."))
    if _CONTROLS.search(text):
        raise InvalidInput.of(field, _("This must not hold control characters."))
    if len(text) > limit:
        raise InvalidInput.of(field, _("This is too long: at most %(limit)d characters.") % {"limit": limit})
    return text


def flatten(value: str, *, limit: int = SUBJECT_LIMIT) -> str:
    """The same for text that cannot be refused (a mail's header): what is harmful is replaced, the rest cut."""
    text = _CONTROLS.sub("", _LINE_BREAKS.sub(" ", value)).strip()
    return unicodedata.normalize("NFC", text)[:limit]
