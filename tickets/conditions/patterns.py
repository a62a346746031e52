"""Patterns in the way of RE2: never slower than the text is long, whatever is asked (no ReDoS). Pure.

Upper and lower case are the same unless the pattern says `(?-i)`. A dot is any sign but the end of a line; `^` and `$`
are the ends of the text, with `(?m)` of each line. What would match the empty text matches every text and is refused,
so a pattern never holds where there is no text.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import re2
from django.utils.translation import gettext as _

LONGEST_PATTERN = 500
# Bytes for a pattern's program and for the states that it remembers; beyond them it is refused, or walks more slowly.
MOST_MEMORY = 256 * 1024
# As many as 500 rules have, each with a few.
_KEPT = 2048

Found = Callable[[str], str | None]


class NotAPattern(ValueError):
    """One sentence for a person."""


def check_pattern(source: str) -> str:
    """The pattern itself. NotAPattern with a sentence that says what is wrong, or is not supported."""
    if len(source) > LONGEST_PATTERN:
        raise NotAPattern(_("A pattern has at most %(limit)d characters.") % {"limit": LONGEST_PATTERN})
    try:
        compiled = _compiled(source)
    except re2.error as error:
        raise NotAPattern(_reason(error)) from None
    if compiled.search(b""):
        raise NotAPattern(
            _("“%(pattern)s” matches even a text in which nothing stands, so it would match every text.")
            % {"pattern": source[:40]}
        )
    return source


def finder(source: str) -> Found:
    """What of a text matches first, None where nothing does. Of a pattern that was checked."""
    search = _compiled(source).search

    def find(text: str) -> str | None:
        # As bytes: otherwise the offsets would be counted in characters, and nobody asks for them.
        found = search(text.encode(errors="replace"))
        return found.group().decode(errors="replace") if found else None

    return find


def matcher(source: str) -> Callable[[str], bool]:
    """Whether a text matches; linear in its length."""
    search = _compiled(source).search
    return lambda text: search(text.encode(errors="replace")) is not None


@lru_cache(maxsize=_KEPT)
def _compiled(source: str) -> Any:
    options = re2.Options()
    options.max_mem = MOST_MEMORY
    options.case_sensitive = False
    options.never_capture = True
    options.log_errors = False
    return re2.compile(source.encode(errors="replace"), options)


def _reason(error: re2.error) -> str:
    """What RE2 says, in a sentence."""
    said = error.args[0] if error.args else b""
    said = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    what, _colon, where = said.partition(": ")
    values = {"what": where[:20]}
    if what == "invalid perl operator":
        return _group(where) % values
    if what == "invalid escape sequence":
        refers_back = where[1:2].isdigit() or where[1:2] in ("k", "g")
        return (_backward() if refers_back else _escape()) % values
    return _REASONS.get(what, _other)() % values


def _group(where: str) -> str:
    return next((said() for beginning, said in _GROUPS.items() if where.startswith(beginning)), _other())


def _backward() -> str:
    return _("“%(what)s” refers back to what was found before, which patterns here do not support.")


def _escape() -> str:
    return _("“%(what)s” is not supported in patterns; for the sign itself leave the backslash out.")


def _other() -> str:
    return _("This is no pattern: “%(what)s” cannot be read.")


def _around() -> str:
    return _("“%(what)s” looks ahead or behind, which patterns here do not support.")


_GROUPS: dict[str, Callable[[], str]] = {
    "(?=": _around,
    "(?!": _around,
    "(?<": _around,
    "(?>": lambda: _("“%(what)s” never gives back what it took, which patterns here do not support; write “(?:”."),
    "(?(": lambda: _("“%(what)s” asks what was found before, which patterns here do not support."),
    "(?P": _backward,
}
_REASONS: dict[str, Callable[[], str]] = {
    "missing )": lambda: _("A bracket “(” is not closed in this pattern."),
    "unexpected )": lambda: _("A bracket “)” is closed in this pattern that was not opened."),
    "missing ]": lambda: _("A bracket is not closed in this pattern: “%(what)s”."),
    "trailing \\": lambda: _("A pattern does not end with a backslash."),
    "no argument for repetition operator": lambda: _("“%(what)s” has nothing before it that it could repeat."),
    "bad repetition operator": lambda: _("“%(what)s” repeats a repetition, which patterns here do not support."),
    "invalid repetition size": lambda: _(
        "“%(what)s” repeats too often: a pattern repeats anything 1,000 times at most, the inner times the outer."
    ),
    "invalid character class range": lambda: _("“%(what)s” is no range of characters."),
    "pattern too large - compile failed": lambda: _("This pattern is too large: it would take too much memory."),
}
