"""From an address to what a report is asked for: days, the day to compare around, and by what it is narrowed.

What is wrong is left out and said, so that a page can show the report as far as it is asked rightly, and a program is
refused as a whole.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotFound
from people.models import User
from reports.asked import Asked, Span
from reports.filters import FILTERS, Choice
from reports.register import REPORTS
from reports.source import Source

PRESETS = (7, 30, 90, 365)
USUAL = 90
SPAN_KEYS = ("days", "since", "until")
LONGEST_VALUE = 80
# Of which the year before and the day after can still be counted.
OLDEST, FARTHEST = date(1900, 1, 1), date(2999, 12, 31)

Errors = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """`query` is as much of the address as was right, to be asked again; `choices` are those of each filter."""

    asked: Asked
    query: Mapping[str, str]
    choices: Mapping[str, list[Choice]]
    errors: Errors = field(default_factory=dict)

    @property
    def narrowed(self) -> dict[str, str]:
        """The names of its filters, each with the name of what is chosen."""
        return {FILTERS[key].name(): dict(self.choices[key])[value] for key, value in self.asked.of.items()}

    def check(self) -> None:
        """Raises InvalidInput with all sentences."""
        if self.errors:
            raise InvalidInput(self.errors)


def access_report(user: User, key: str) -> Source:
    """The report, or NotFound where there is none, or none for this person."""
    source = REPORTS.get(key)
    if source is None or source not in reports_for(user):
        raise NotFound
    return source


def reports_for(user: User) -> list[Source]:
    """In the order of their tabs."""
    if not (user.is_active and user.is_agent):
        return []
    return [source for source in REPORTS.values() if user.is_manager or not source.for_managers]


def read(query: Mapping[str, str], *, source: Source, user: User, today: date, zone: ZoneInfo) -> Wanted:
    """One query at most for each filter of the source. `today` is the last day where only a number of days is asked."""
    given = {key: value.strip()[:LONGEST_VALUE] for key, value in query.items() if value.strip()}
    choices = {key: list(FILTERS[key].choices(user)) for key in source.filters}
    errors: Errors = {}
    span, kept = _span(given, today, zone, errors)
    plan = _day(given, "plan", errors)
    of = _of(given, source, choices, errors)
    if plan:
        kept["plan"] = plan.isoformat()
    return Wanted(Asked(span, plan, of), {**kept, **of}, choices, errors)


def _span(given: Mapping[str, str], today: date, zone: ZoneInfo, errors: Errors) -> tuple[Span, dict[str, str]]:
    """And how to ask for it again: a number of days moves on with the day."""
    first, last = _day(given, "since", errors), _day(given, "until", errors)
    if first or last:
        last = last or today
        try:
            span = Span(first or last - timedelta(days=USUAL - 1), last, zone)
        except InvalidInput as wrong:
            errors.update(wrong.errors)
        else:
            return span, {"since": span.first.isoformat(), "until": span.last.isoformat()}
    days = _days(given, errors)
    return Span(today - timedelta(days=days - 1), today, zone), {"days": str(days)}


def _days(given: Mapping[str, str], errors: Errors) -> int:
    wanted = given.get("days", str(USUAL))
    found = next((days for days in PRESETS if str(days) == wanted), None)
    if found is None:
        known = ", ".join(str(days) for days in PRESETS)
        errors["days"] = [_("Ask for the last so many days out of %(known)s.") % {"known": known}]
    return found or USUAL


def _day(given: Mapping[str, str], key: str, errors: Errors) -> date | None:
    try:
        day = date.fromisoformat(given[key]) if key in given else None
    except ValueError:
        day = date.min
    if day is not None and not OLDEST <= day <= FARTHEST:
        errors[key] = [_("“%(text)s” is no day: write it as 2026-10-01.") % {"text": given[key]}]
        return None
    return day


def _of(
    given: Mapping[str, str], source: Source, choices: Mapping[str, Iterable[Choice]], errors: Errors
) -> dict[str, str]:
    """Of the filters, those that this report heeds, with values that there still are."""
    found = {}
    for key in given.keys() - {*SPAN_KEYS, "plan"}:
        if key not in choices:
            errors[key] = [_("This report cannot be narrowed by “%(key)s”.") % {"key": key}]
        elif given[key] not in (value for value, _name in choices[key]):
            told = {"name": FILTERS[key].name(), "value": given[key]}
            errors[key] = [_("%(name)s: there is no “%(value)s” any more.") % told]
        else:
            found[key] = given[key]
    return found
