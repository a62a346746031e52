"""A person's time zone, whatever stands in the record. Pure."""

import zoneinfo


def zone_of(name: str) -> zoneinfo.ZoneInfo:
    """The zone, or UTC for a name that is none: a wrong entry must not keep an alert or a page from anybody."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return zoneinfo.ZoneInfo("UTC")
