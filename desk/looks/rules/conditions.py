"""What conditions would take, in words: how many tickets of late, and whether anything is left to them."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets.conditions import Conditions
from tickets.selecting import count
from tickets.tally import MOST

LATELY = timedelta(days=30)


def found_words(conditions: Conditions, now: datetime) -> str:
    """“312 tickets in the last 30 days match.”"""
    found = count(conditions, since=now - LATELY)
    if found.number > MOST:
        return _("More than %(number)d tickets in the last %(days)d days match.") % _figures(MOST)
    if found.read is not None:
        words = _("At least %(number)d tickets in the last %(days)d days match; the newest %(read)d were read.")
        return words % {**_figures(found.number), "read": found.read}
    words = ngettext(
        "%(number)d ticket in the last %(days)d days matches.",
        "%(number)d tickets in the last %(days)d days match.",
        found.number,
    )
    return words % _figures(found.number)


def _figures(number: int) -> dict[str, int]:
    return {"number": number, "days": LATELY.days}
