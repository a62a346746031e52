"""Public holidays by country and region, from the library `holidays`: to be looked at, then copied into rows.

Pure: what the library says today is never asked again for a version that was kept. An answer of the library may change
with its next release, which is why a renewal is shown as a difference.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import holidays
from holidays.registry import COUNTRIES

from calendars.parse import NAME_LIMIT, Holiday
from calendars.periods import CalendarError, _

FIRST_YEAR, LAST_YEAR = 1970, 2100
YEARS_LIMIT = 10
_SMALL_WORDS = {"and", "of", "the"}


@dataclass(frozen=True, slots=True)
class Renewal:
    """What the library has, beside the rows that are there: nothing of it is taken unless somebody says so."""

    added: tuple[Holiday, ...]
    gone: tuple[Holiday, ...]
    renamed: tuple[tuple[Holiday, Holiday], ...]
    same: int


@lru_cache(maxsize=1)
def countries() -> tuple[tuple[str, str], ...]:
    """(code, English name), by name."""
    named = ((names[1], _title(module)) for module, names in COUNTRIES.items() if len(names[1]) == 2)
    return tuple(sorted(named, key=lambda pair: pair[1]))


@lru_cache(maxsize=64)
def subdivisions(country: str) -> tuple[tuple[str, str], ...]:
    """(code, name) of the regions with holidays of their own, by name. CalendarError for an unknown country."""
    known = _country(country)
    names = {code: name for name, code in known.subdivisions_aliases.items()}
    return tuple(sorted(((code, names.get(code, code)) for code in known.subdivisions), key=lambda pair: pair[1]))


def languages(country: str) -> tuple[str, ...]:
    """The languages that the names of a country's holidays come in, its own first; none where there is no choice."""
    known = _country(country)
    return tuple(sorted(known.supported_languages, key=lambda code: (code != known.default_language, code)))


def holidays_of(country: str, subdivision: str, years: Collection[int], language: str = "") -> list[Holiday]:
    """The holidays of some years. CalendarError about `country`, `subdivision`, `years` or `language`."""
    if subdivision and subdivision not in dict(subdivisions(country)):
        sentence = _("There is no region “%(name)s” in this country.")
        raise CalendarError("subdivision", sentence, name=subdivision[:40])
    if language and language not in languages(country):
        raise CalendarError("language", _("The names of these holidays do not come in “%(name)s”."), name=language[:10])
    if not 0 < len(years) <= YEARS_LIMIT or not all(FIRST_YEAR <= year <= LAST_YEAR for year in years):
        sentence = _("Choose one to %(limit)d years between %(first)d and %(last)d.")
        raise CalendarError("years", sentence, limit=YEARS_LIMIT, first=FIRST_YEAR, last=LAST_YEAR)
    known = _country(country)
    # Left to itself the library takes the language of the machine.
    found = known(subdiv=subdivision or None, years=sorted(years), language=language or known.default_language)
    source = source_of(country, subdivision)
    return [Holiday(day, name[:NAME_LIMIT], source) for day, name in sorted(found.items()) if day.year in years]


def source_of(country: str, subdivision: str) -> str:
    """`BR` or `BR-SP`."""
    return f"{country}-{subdivision}" if subdivision else country


def region_of(source: str) -> tuple[str, str]:
    """Country and region of a source."""
    country, _dash, subdivision = source.partition("-")
    return country, subdivision


def source_words(source: str) -> str:
    """`Brazil, São Paulo`; a source that the library does not know, as it is."""
    country, subdivision = region_of(source)
    name = dict(countries()).get(country)
    if name is None:
        return source
    region = dict(subdivisions(country)).get(subdivision, subdivision)
    return f"{name}, {region}" if region else name


def compare(existing: Iterable[Holiday], fresh: Sequence[Holiday], source: str, years: Collection[int]) -> Renewal:
    """Rows of another source, and our own, are left alone: their dates count as there already."""
    there = {holiday.date: holiday for holiday in existing}
    offered = {holiday.date: holiday for holiday in fresh}
    ours = {day for day, holiday in there.items() if holiday.source == source and day.year in years}
    both = [(there[day], offered[day]) for day in sorted(ours & offered.keys())]
    renamed = tuple(pair for pair in both if pair[0].name != pair[1].name)
    return Renewal(
        added=tuple(offered[day] for day in sorted(offered.keys() - there.keys())),
        gone=tuple(there[day] for day in sorted(ours - offered.keys())),
        renamed=renamed,
        same=len(offered.keys() & there.keys()) - len(renamed),
    )


def _country(code: str) -> Any:
    if code not in dict(countries()):
        raise CalendarError("country", _("There are no holidays of a country “%(name)s”."), name=code[:10])
    return getattr(holidays, code)


def _title(module: str) -> str:
    return " ".join(word if word in _SMALL_WORDS else word.capitalize() for word in module.split("_"))
