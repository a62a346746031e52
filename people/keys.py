"""Which keys a person has put in the place of the standard ones (WCAG 2.1.4). Pure.

A key is one character; what is pressed with Ctrl, Space, Enter, the digits of steps and choices, the `g` that
begins two keys in a row and the `?` behind which all are listed stay as they are.
"""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from common.errors import InvalidInput

RESERVED = frozenset("g?0123456789")


def own_keys(wanted: Mapping[str, str], standard: Iterable[str]) -> dict[str, str]:
    """What differs from the standard, by the standard key. Raises InvalidInput on each key that cannot be.

    `wanted` names keys by their standard ones; what it leaves out or empty stays as it was made.
    """
    given = {key: (wanted.get(key, "").strip() or key).lower() for key in standard}
    errors = {key: sentence for key, own in given.items() if (sentence := _wrong(key, own, given))}
    if errors:
        raise InvalidInput({key: [sentence] for key, sentence in errors.items()})
    return {key: own for key, own in given.items() if own != key}


def _wrong(key: str, own: str, given: Mapping[str, str]) -> str:
    if len(own) != 1 or not own.isprintable():
        return _("A key is one letter or sign.")
    if own in RESERVED:
        return _("“%(key)s” is kept for something else on every page.") % {"key": own.upper()}
    if own != key and list(given.values()).count(own) > 1:
        return _("“%(key)s” would do two things. Choose another, or give that one another key too.") % {
            "key": own.upper()
        }
    return ""
