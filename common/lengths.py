"""Lengths of time as people write and read them in tables: `15 min`, `4 h`, `1 h 30 min`. Pure.

No days in what is read: whether a day has 24 hours or the calendar's nine is what such a table must not leave open.
"""

import re
from datetime import timedelta

from django.utils.translation import gettext as _

LONGEST_TEXT = 40
MINUTE, HOUR, DAY = 60, 3600, 86_400

_UNITS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1),
    **dict.fromkeys(("", "m", "min", "minute", "minutes"), MINUTE),
    **dict.fromkeys(("h", "hr", "hour", "hours"), HOUR),
    **dict.fromkeys(("d", "day", "days"), DAY),
}
_PART = re.compile(r"\s*(\d{1,6})(?!\d)\s*([a-z]*)", re.ASCII)


def parse_length(text: str) -> timedelta:
    """`4 h`, `90` (minutes), `1h 30min`, `2 d` (48 hours). ValueError with one sentence for anything else."""
    rest, seconds = text.strip()[:LONGEST_TEXT].casefold(), 0
    if not rest:
        raise ValueError(_("A length is missing; write it as 30 min or 4 h."))
    while rest:
        part = _PART.match(rest)
        if part is None or part[2] not in _UNITS:
            raise ValueError(
                _("“%(text)s” is no length; write it as 30 min or 4 h.") % {"text": text.strip()[:LONGEST_TEXT]}
            )
        seconds += int(part[1]) * _UNITS[part[2]]
        rest = rest[part.end() :].strip()
    return timedelta(seconds=seconds)


def length_words(length: timedelta) -> str:
    """`15 min`, `4 h`, `1 h 30 min`, `90 s`; what `parse_length` reads as the same length."""
    seconds = round(length.total_seconds())
    hours, minutes, left = seconds // HOUR, seconds % HOUR // MINUTE, seconds % MINUTE
    parts = [
        _("%(n)d h") % {"n": hours} if hours else "",
        _("%(n)d min") % {"n": minutes} if minutes else "",
        _("%(n)d s") % {"n": left} if left or not seconds else "",
    ]
    return " ".join(part for part in parts if part)
