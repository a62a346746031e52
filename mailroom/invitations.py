"""What a calendar invitation says: what, when, where (RFC 5545, RFC 5546). Nothing is answered. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from common.text import flatten
from people.zones import is_zone

LINES_LIMIT = 5_000
MOST = 5

# Outlook's names for zones (Unicode CLDR, windowsZones); a zone that is unknown is named beside the time.
WINDOWS = {
    "utc": "UTC", "gmt standard time": "Europe/London", "greenwich standard time": "Atlantic/Reykjavik",
    "w. europe standard time": "Europe/Berlin", "central europe standard time": "Europe/Budapest",
    "central european standard time": "Europe/Warsaw", "romance standard time": "Europe/Paris",
    "e. europe standard time": "Europe/Chisinau", "fle standard time": "Europe/Kiev",
    "gtb standard time": "Europe/Bucharest", "russian standard time": "Europe/Moscow",
    "turkey standard time": "Europe/Istanbul", "israel standard time": "Asia/Jerusalem",
    "south africa standard time": "Africa/Johannesburg", "egypt standard time": "Africa/Cairo",
    "arab standard time": "Asia/Riyadh", "arabian standard time": "Asia/Dubai", "india standard time": "Asia/Kolkata",
    "china standard time": "Asia/Shanghai", "singapore standard time": "Asia/Singapore",
    "tokyo standard time": "Asia/Tokyo", "korea standard time": "Asia/Seoul",
    "aus eastern standard time": "Australia/Sydney", "new zealand standard time": "Pacific/Auckland",
    "e. south america standard time": "America/Sao_Paulo", "bahia standard time": "America/Bahia",
    "sa eastern standard time": "America/Cayenne", "argentina standard time": "America/Buenos_Aires",
    "pacific sa standard time": "America/Santiago", "sa pacific standard time": "America/Bogota",
    "atlantic standard time": "America/Halifax", "eastern standard time": "America/New_York",
    "central standard time": "America/Chicago", "central standard time (mexico)": "America/Mexico_City",
    "mountain standard time": "America/Denver", "us mountain standard time": "America/Phoenix",
    "pacific standard time": "America/Los_Angeles", "alaskan standard time": "America/Anchorage",
    "hawaiian standard time": "Pacific/Honolulu",
}  # fmt: skip
_WHEN = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")
_PARAMETER = re.compile(r';([A-Za-z-]{1,30})=("[^"]{0,200}"|[^;:"]{0,200})')
_ESCAPED = re.compile(r"\\([nN,;\\])")


@dataclass(frozen=True, slots=True)
class Invitation:
    """`starts` and `ends`: an instant with its offset, a time without one where its zone is unknown, or a day."""

    title: str
    starts: str
    ends: str = ""
    where: str = ""
    by: str = ""
    zone: str = ""
    method: str = ""
    repeats: bool = False


class _Property(NamedTuple):
    name: str
    parameters: dict[str, str]
    value: str


def invitations_in(text: str) -> tuple[Invitation, ...]:
    """The events that have a time, in the order of the text."""
    found: list[Invitation] = []
    event: dict[str, _Property] | None = None
    method = ""
    for line in _properties(text):
        if line.name == "METHOD":
            method = line.value.casefold()[:20]
        elif line == _Property("BEGIN", {}, "VEVENT"):
            event = {}
        elif line == _Property("END", {}, "VEVENT") and event is not None:
            found += [one for one in [_invitation(event, method)] if one is not None]
            event = None
        elif event is not None:
            event.setdefault(line.name, line)
    return tuple(found[:MOST])


def _invitation(event: dict[str, _Property], method: str) -> Invitation | None:
    starts, zone = _when(event.get("DTSTART"))
    if not starts:
        return None
    organiser = event.get("ORGANIZER")
    is_off = "STATUS" in event and event["STATUS"].value.casefold() == "cancelled"
    return Invitation(
        title=_words(event.get("SUMMARY")),
        starts=starts,
        ends=_when(event.get("DTEND"))[0],
        where=_words(event.get("LOCATION")),
        by=flatten(organiser.parameters.get("CN", ""), limit=120) if organiser else "",
        zone=zone,
        method="cancel" if is_off else method,
        repeats="RRULE" in event,
    )


def _when(given: _Property | None) -> tuple[str, str]:
    """(the moment, the name of a zone that is not known)."""
    found = _WHEN.fullmatch(given.value.strip()) if given else None
    if found is None or given is None:
        return "", ""
    year, month, day, hour, minute, second, is_utc = found.groups()
    try:
        if hour is None:
            return date(int(year), int(month), int(day)).isoformat(), ""
        local = datetime(int(year), int(month), int(day), int(hour), int(minute), min(int(second), 59))  # noqa: DTZ001 - its zone is found next
    except ValueError:
        return "", ""
    if is_utc:
        return local.replace(tzinfo=UTC).isoformat(), ""
    named = given.parameters.get("TZID", "")
    zone = WINDOWS.get(named.casefold(), named)
    if is_zone(zone):
        return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).isoformat(), ""
    return local.isoformat(), flatten(named, limit=60)


def _properties(text: str) -> Iterator[_Property]:
    """Unfolded lines, each with its parameters (RFC 5545, 3.1)."""
    unfolded = text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "")
    for line in unfolded.split("\n", LINES_LIMIT)[:LINES_LIMIT]:
        name = re.match(r"[A-Za-z-]{1,40}", line)
        if name is None:
            continue
        position, parameters = name.end(), {}
        while (more := _PARAMETER.match(line, position)) is not None:
            parameters[more[1].upper()] = more[2].strip('"')
            position = more.end()
        if line[position : position + 1] == ":":
            yield _Property(name[0].upper(), parameters, line[position + 1 :].strip())


def _words(given: _Property | None) -> str:
    text = _ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], given.value[:2000]) if given else ""
    return flatten(text, limit=300)
