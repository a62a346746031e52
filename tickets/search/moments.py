"""Times in a search: `<2h` and `<7d` from now, `>2026-10-01` by the reader's calendar."""

import re
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from people.models import User
from people.zones import zone_of
from tickets.search.grammar import Term

LOOKUPS = {"": "", "<": "__lt", "<=": "__lte", ">": "__gt", ">=": "__gte"}
UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
LONGEST = timedelta(days=36_500)
# Younger than a week means later than a week ago.
_TURNED = {"": "__gte", "<": "__gt", "<=": "__gte", ">": "__lt", ">=": "__lte"}
_DURATION = re.compile(r"(\d{1,5})([mhdw])", re.ASCII | re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def due(term: Term, value: str, user: User, now: datetime) -> Q:
    """`due:<2h` is due within two hours, or past due; without an operator the same."""
    if (ahead := _duration(value)) is not None:
        return Q(**{f"next_due_at{LOOKUPS[term.operator] or '__lte'}": now + ahead})
    return _on("next_due_at", term, _day(term, value), user)


def past(field: str, term: Term, value: str, user: User, now: datetime) -> Q:
    """`created:<7d` is younger than seven days; without an operator the same."""
    if (ago := _duration(value)) is not None:
        return Q(**{f"{field}{_TURNED[term.operator]}": now - ago})
    return _on(field, term, _day(term, value), user)


def _on(field: str, term: Term, day: date, user: User) -> Q:
    """Before, after or on a day, which begins at midnight in the reader's zone."""
    zone = zone_of(user.time_zone)
    begins = datetime.combine(day, time(), zone)
    ends = datetime.combine(day + timedelta(days=1), time(), zone)
    return {
        "<": Q(**{f"{field}__lt": begins}),
        "<=": Q(**{f"{field}__lt": ends}),
        ">": Q(**{f"{field}__gte": ends}),
        ">=": Q(**{f"{field}__gte": begins}),
        "": Q(**{f"{field}__gte": begins, f"{field}__lt": ends}),
    }[term.operator]


def _duration(value: str) -> timedelta | None:
    match = _DURATION.fullmatch(value)
    return min(timedelta(**{UNITS[match[2].casefold()]: int(match[1])}), LONGEST) if match else None


def own_day(term: Term, value: str) -> str:
    """A day as the desk's own fields keep it."""
    try:
        return date.fromisoformat(value if _DATE.fullmatch(value) else "").isoformat()
    except ValueError:
        known = {"key": term.key, "value": value[:40]}
        raise term.wrong(_("“%(key)s:” takes a date such as 2026-10-01, not “%(value)s”.") % known) from None


def _day(term: Term, value: str) -> date:
    try:
        day = date.fromisoformat(value) if _DATE.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year <= 9000:
        raise term.wrong(
            _("“%(key)s:” takes a date such as 2026-10-01 or a duration such as 2h or 7d, not “%(value)s”.")
            % {"key": term.key, "value": value[:40]}
        )
    return day
