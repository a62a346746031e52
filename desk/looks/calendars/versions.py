"""The versions of a calendar, the newest first, each with what it changed, and what returning to one would do."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from calendars.changes import Change, difference
from calendars.models import Calendar, CalendarVersion
from sla import rehours
from sla.moving import Move
from tickets.tally import tallies, tally

# Older ones are in the audit trail.
SHOWN = 200
# Due times that are counted, and shown; beyond this the page says that there are more.
MOVES_LIMIT, MOVES_SHOWN = 500, 8


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


@dataclass(frozen=True, slots=True)
class ReturnLook:
    """What a return to `version` would change; `late` of the `count` due times would have passed already."""

    version: CalendarVersion
    changes: list[Change]
    moves: list[Move]
    count: int
    is_cut: bool
    late: int
    clocks: int


def return_look(calendar: Calendar, number: int, now: datetime) -> ReturnLook | None:
    """None where there is no such version, or where it is in force. Nothing is written."""
    version = calendar.versions.filter(number=number).first()
    if version is None or version.pk == calendar.current.pk:
        return None
    found = list(islice(rehours.moves(calendar, version.work_calendar(), now), MOVES_LIMIT + 1))
    counted = found[:MOVES_LIMIT]
    return ReturnLook(
        version,
        difference(calendar.current.content, version.content),
        counted[:MOVES_SHOWN],
        len(counted),
        len(found) > MOVES_LIMIT,
        sum(move.is_late(now) for move in counted),
        tally(rehours.clocks_under(calendar)),
    )
