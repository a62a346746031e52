"""What one version of a calendar changes in another, in words an administrator would use."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calendars.parse import Holiday, OpenDay, parse_days, parse_holidays, parse_periods
from calendars.periods import Period, by_weekday
from calendars.regions import source_words
from calendars.words import day_words, days_words, open_words

# More days than these of one source and year are one line with its details.
SINGLY = 3


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not the same; `details` where the words sum up several days."""

    words: str
    details: tuple[str, ...] = ()


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Zone, week, holidays and days, in this order; both contents as they are kept. Empty when they are the same."""
    return [
        *_zone(before["time_zone"], after["time_zone"]),
        *_week(parse_periods(before["periods"]), parse_periods(after["periods"])),
        *_holidays(parse_holidays(before["holidays"]), parse_holidays(after["holidays"])),
        *_days(parse_days(before["days"]), parse_days(after["days"])),
    ]


def _zone(before: str, after: str) -> Iterator[Change]:
    if before != after:
        yield Change(_("Time zone %(before)s → %(after)s") % {"before": before, "after": after})


def _week(before: Iterable[Period], after: Iterable[Period]) -> Iterator[Change]:
    changed: dict[tuple[str, str], list[int]] = {}
    for weekday, (was, now) in enumerate(zip(by_weekday(before), by_weekday(after), strict=True)):
        if was != now:
            changed.setdefault((open_words(was), open_words(now)), []).append(weekday)
    for (words_before, words_after), weekdays in changed.items():
        values = {"days": days_words(weekdays), "before": words_before, "after": words_after}
        yield Change(_("%(days)s %(before)s → %(after)s") % values)


def _holidays(before: Iterable[Holiday], after: Iterable[Holiday]) -> Iterator[Change]:
    was, now = ({holiday.date: holiday for holiday in holidays} for holidays in (before, after))
    yield from _summed("+", [now[day] for day in sorted(now.keys() - was.keys())])
    yield from _summed("−", [was[day] for day in sorted(was.keys() - now.keys())])
    for day in sorted(was.keys() & now.keys()):
        if was[day].name != now[day].name:
            values = {"day": day_words(day), "before": was[day].name, "after": now[day].name}
            yield Change(_("%(day)s: “%(before)s” → “%(after)s”") % values)


def _summed(sign: str, holidays: list[Holiday]) -> Iterator[Change]:
    groups: dict[tuple[int, str], list[str]] = {}
    for holiday in holidays:
        lines = groups.setdefault((holiday.date.year, holiday.source), [])
        lines.append(_named(sign, holiday.date, holiday.name))
    for (year, source), lines in groups.items():
        if len(lines) <= SINGLY:
            yield from (Change(line) for line in lines)
            continue
        values = {"sign": sign, "n": len(lines), "year": year, "source": source_words(source) or _("our own")}
        sentence = ngettext(
            "%(sign)s %(n)d holiday of %(year)d (%(source)s)",
            "%(sign)s %(n)d holidays of %(year)d (%(source)s)",
            len(lines),
        )
        yield Change(sentence % values, tuple(lines))


def _days(before: Iterable[OpenDay], after: Iterable[OpenDay]) -> Iterator[Change]:
    was, now = ({day.date: day for day in days} for days in (before, after))
    for at in sorted(was.keys() | now.keys()):
        if at not in was:
            yield Change(f"{_named('+', at, now[at].name)}, {open_words(now[at].periods)}")
        elif at not in now:
            yield Change(f"{_named('−', at, was[at].name)}, {open_words(was[at].periods)}")
        elif was[at] != now[at]:
            values = {"day": day_words(at), "before": _whole(was[at]), "after": _whole(now[at])}
            yield Change(_("%(day)s: %(before)s → %(after)s") % values)


def _whole(day: OpenDay) -> str:
    return f"{day.name} {open_words(day.periods)}".strip()


def _named(sign: str, day: date, name: str) -> str:
    return f"{sign} {day_words(day)} {name}".strip()
