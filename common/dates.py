"""How days read inside a sentence, in the reader's language: `Mon 12 Oct`, `пн, 12 окт`, `12 de outubro`.

Django's catalogues begin the names of months and weekdays with a capital where the language writes them small, and
its `F` is a nominative before which no day of a month can stand. Forms are given as English orders them.
"""

import re
from datetime import date, datetime

from django.utils.dateformat import DateFormat
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import get_language

LETTERS = 3

_Order = tuple[tuple[re.Pattern[str], str], ...]
_AFTER_WEEKDAY = (re.compile(r"D (?=[jd])"), "D, ")
_OF_MONTH = ((re.compile(r"(?<=[jd]) F"), r" \\d\\e F"), (re.compile(r"(?<=F) Y"), r" \\d\\e Y"))
_ORDERS: dict[str, _Order] = {
    "es": (_AFTER_WEEKDAY, *_OF_MONTH),
    "pt-br": (_AFTER_WEEKDAY, *_OF_MONTH),
    "ru": (_AFTER_WEEKDAY, (re.compile(r"(?<=F) Y"), " Y г."), (re.compile(r"^M"), "b")),
}

# Where a short weekday is the beginning of the long one: with its accent, which Django's `Sab` lacks.
_CUT = ("es", "pt-br")


class _Small(DateFormat):
    """Names with small letters, a month in the case in which it stands behind its day."""

    def D(self) -> str:  # noqa: N802 # the letter of the form
        return weekday_name((self.w() - 1) % 7, is_short=True)

    def F(self) -> str:  # noqa: N802 # the letter of the form
        return str(self.E()).lower()

    def M(self) -> str:  # noqa: N802 # the letter of the form
        return self.F()[:LETTERS]


def said(moment: date | datetime, form: str) -> str:
    """`form`: Django's letters, of names only `D`, `M` and `F`, in the order of English. A time is shown as given."""
    order = _ORDERS.get(get_language() or "")
    if order is None:
        return DateFormat(moment).format(form)
    for found, instead in order:
        form = found.sub(instead, form)
    return _Small(moment).format(form)


def weekday_name(weekday: int, *, is_short: bool = False) -> str:
    """`Monday`, `lunes`; Monday is 0."""
    language = get_language()
    if is_short and language not in _CUT:
        name = str(WEEKDAYS_ABBR[weekday])
    else:
        name = str(WEEKDAYS[weekday])[: LETTERS if is_short else None]
    return name.lower() if language in _ORDERS else name
