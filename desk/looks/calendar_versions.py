"""The versions of a calendar, the newest first, each with what it changed."""

from dataclasses import dataclass

from calendars.changes import Change, difference
from calendars.models import Calendar, CalendarVersion
from sla import rehours
from tickets.tally import tallies

# Older ones are in the audit trail.
SHOWN = 200


@dataclass(frozen=True, slots=True)
class VersionLook:
    version: CalendarVersion
    changes: list[Change]
    same_as: int | None
    """The earlier version that it is a return to."""
    clocks: int
    is_current: bool


def versions_look(calendar: Calendar) -> list[VersionLook]:
    """A query for the versions and one for the clocks under each, however many there are."""
    rows = list(calendar.versions.select_related("created_by")[:SHOWN])
    under = rehours.clocks_under(calendar)
    clocks = tallies({str(row.number): under.filter(calendar_version=row) for row in rows})
    looks = []
    for at, row in enumerate(rows):
        earlier = rows[at + 1 :]
        changes = difference(earlier[0].content, row.content) if earlier else []
        same = next((one.number for one in earlier if one.digest == row.digest), None)
        looks.append(VersionLook(row, changes, same, clocks[str(row.number)], at == 0))
    return looks
