"""A person's time zone, whatever stands in the record. Pure."""

import zoneinfo

_NOT_PLACES = ("Etc/", "SystemV/", "US/", "posix/", "right/")


def zone_names() -> list[str]:
    """The zones that a person can choose: places, and UTC."""
    names = zoneinfo.available_timezones()
    return ["UTC", *sorted(name for name in names if "/" in name and not name.startswith(_NOT_PLACES))]


def is_zone(name: str) -> bool:
    return name == "UTC" or name in zoneinfo.available_timezones()


def zone_of(name: str) -> zoneinfo.ZoneInfo:
    """The zone, or UTC for a name that is none: a wrong entry must not keep an alert or a page from anybody."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return zoneinfo.ZoneInfo("UTC")
