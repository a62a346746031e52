"""A calendar's errors in the reader's language (`periods`, `parse` and `worktime` themselves know no Django)."""

from django.utils.translation import gettext as _

from calendars.parse import Row
from calendars.periods import CalendarError, Period
from common.dates import weekday_name
from common.errors import InvalidInput


def explain(error: CalendarError) -> str:
    """One sentence for a person."""
    return _(error.template) % {key: _shown(value) for key, value in error.values.items()}


def as_invalid_input(error: CalendarError) -> InvalidInput:
    """For front doors that ask `worktime` with what somebody typed."""
    return InvalidInput.of(error.field, explain(error))


def _shown(value: object) -> object:
    if isinstance(value, Period):
        return f"{weekday_name(value.weekday)} {value.start:%H:%M}–{value.end:%H:%M}"
    if isinstance(value, Row):
        named = {
            "periods": _("Period %(number)d"),
            "holidays": _("Holiday %(number)d"),
            "days": _("Day %(number)d"),
        }
        return named[value.field] % {"number": value.number}
    return value
