"""When each promise was due as it stood at the time: from the ledger's lines up to then, never from a later one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from math import nan
from operator import itemgetter
from typing import Any

from calendars.models import CalendarVersion
from calendars.worktime import WorkTime
from sla.enums import EntryKind, Metric
from sla.hours import hours_of
from sla.ledger import Entry, replay
from sla.models import LedgerEntry
from tickets.querysets import TicketQuerySet

# Where, from which second on, and due at which second; NaN from when nothing runs.
DueTimes = dict[str, list[tuple[int, float, float]]]

_CHUNK = 20_000
_STANDS = (EntryKind.MET, EntryKind.CANCELLED, EntryKind.SET_ASIDE, EntryKind.PAUSED)
_NAMES = ("clock", "clock__metric", "clock__ticket", "at", "kind", "target_seconds", "calendar_version")


def due_times(of: TicketQuerySet, place: Mapping[int, int]) -> DueTimes:
    """By metric, of the promises to customers. Two queries."""
    hours = {version.pk: hours_of(version) for version in CalendarVersion.objects.all()}
    rows = (
        LedgerEntry.objects.filter(clock__ticket__in=of)
        .exclude(clock__metric=Metric.INTERNAL)
        .exclude(kind=EntryKind.BREACHED)
        .order_by("clock", "pk")
        .values_list(*_NAMES)
    )
    found: DueTimes = defaultdict(list)
    for _clock, lines in groupby(rows.iterator(chunk_size=_CHUNK), key=itemgetter(0)):
        told = list(lines)
        metric, ticket = told[0][1:3]
        # One may have come since the others were read.
        if ticket in place:
            found[metric] += [(place[ticket], at, due) for at, due in _of_clock(told, hours)]
    return found


def _of_clock(lines: Sequence[tuple[Any, ...]], hours: Mapping[int, WorkTime]) -> list[tuple[float, float]]:
    """After each line. A first line needs no replay, and most clocks have no more than it and their stop."""
    entries: list[Entry] = []
    found: list[tuple[float, float]] = []
    for _clock, _metric, _ticket, at, kind, target, calendar in lines:
        aim = timedelta(seconds=target) if target else None
        entries.append(Entry(at, kind, aim, _hours(calendar, target, hours)))
        found.append((at.timestamp(), nan if kind in _STANDS else _due(entries, at)))
    return found


def _due(entries: Sequence[Entry], at: datetime) -> float:
    first = entries[0]
    if len(entries) == 1 and first.calendar is not None and first.target is not None:
        return first.calendar.due(at, first.target).timestamp()
    moment = replay(entries, until=at).due_at
    return moment.timestamp() if moment else nan


def _hours(calendar: int | None, target: int | None, hours: Mapping[int, WorkTime]) -> WorkTime | None:
    """A line with a target and no calendar is round the clock; one without a target says nothing of hours."""
    if calendar is not None:
        return hours[calendar]
    return hours_of(None) if target is not None else None
