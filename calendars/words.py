"""A calendar in the reader's words: the week in one line, a day, a range of weekdays."""

from collections.abc import Iterable, Sequence
from datetime import date, time

from django.utils.translation import gettext as _

from calendars.periods import Period, by_weekday
from common.dates import said, weekday_name

_ALL_DAY = [(time(), time())]


def week_words(periods: Iterable[Period]) -> str:
    """`Mon to Fri 09:00–12:00, 13:00–18:00; Sat 09:00–13:00`, or that it is open round the clock."""
    week = [hours_words(hours) for hours in by_weekday(periods)]
    if all([(period.start, period.end) for period in hours] == _ALL_DAY for hours in by_weekday(periods)):
        return _("Round the clock")
    parts = [f"{days_words(days, short=True)} {hours}" for days, hours in _alike(week) if hours]
    return "; ".join(parts)


def hours_words(periods: Iterable[Period]) -> str:
    """`09:00–12:00, 13:00–18:00`; nothing where there are no hours."""
    return ", ".join(f"{_clock(period.start)}–{_clock(period.end)}" for period in sorted(periods))


def open_words(periods: Iterable[Period]) -> str:
    """The same for a sentence, where a day without hours is closed."""
    return hours_words(periods) or _("closed")


def days_words(weekdays: Sequence[int], *, short: bool = False) -> str:
    """`Monday to Friday`, `Saturday`, `Monday, Thursday`."""
    names = [weekday_name(weekday, is_short=short) for weekday in weekdays]
    if len(weekdays) > 2 and weekdays[-1] - weekdays[0] == len(weekdays) - 1:
        return _("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}
    return ", ".join(names)


def day_words(day: date) -> str:
    """`Fri 20 Nov 2026`."""
    return said(day, "D j M Y")


def _alike(week: Sequence[str]) -> list[tuple[list[int], str]]:
    """Neighbouring weekdays of the same hours."""
    runs: list[tuple[list[int], str]] = []
    for weekday, hours in enumerate(week):
        if runs and runs[-1][1] == hours:
            runs[-1][0].append(weekday)
        else:
            runs.append(([weekday], hours))
    return runs


def _clock(at: time) -> str:
    return at.isoformat("minutes" if not at.second else "seconds")
