"""A person's time zone, whatever stands in the record. Pure."""

import zoneinfo
from collections.abc import Mapping, Sequence
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

_NOT_PLACES = ("Etc/", "SystemV/", "US/", "posix/", "right/")


def zone_names() -> list[str]:
    """The zones that a person can choose: places, and UTC."""
    names = zoneinfo.available_timezones()
    return ["UTC", *sorted(name for name in names if "/" in name and not name.startswith(_NOT_PLACES))]


@lru_cache
def zone_choices(language: str | None) -> Sequence[tuple[str, str]]:
    """Each with the city that it is called after, in the reader's language: who looks for Москва types that."""
    return [(name, city_of(name, language)) for name in zone_names()]


@lru_cache(maxsize=2048)
def city_of(zone: str, language: str | None) -> str:
    """`São Paulo` of `America/Sao_Paulo`, as the language writes it, or as near as the zone's own name comes."""
    for name in (zone, *_formerly().get(zone, ())):
        if city := _cities(language).get(name, {}).get("city"):
            return str(city)
    return zone.rpartition("/")[2].replace("_", " ")


def _cities(language: str | None) -> Mapping[str, Mapping[str, str]]:
    try:
        return Locale.parse(language or "", sep="-").time_zones
    except (ValueError, UnknownLocaleError):
        return {}


@lru_cache(maxsize=1)
def _formerly() -> Mapping[str, Sequence[str]]:
    """The names that a zone had before; the cities are kept under the oldest."""
    names: dict[str, list[str]] = {}
    for old, new in get_global("zone_aliases").items():
        names.setdefault(new, []).append(old)
    return names


def is_zone(name: str) -> bool:
    return name == "UTC" or name in zoneinfo.available_timezones()


def zone_of(name: str) -> zoneinfo.ZoneInfo:
    """The zone, or UTC for a name that is none: a wrong entry must not keep an alert or a page from anybody."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return zoneinfo.ZoneInfo("UTC")
