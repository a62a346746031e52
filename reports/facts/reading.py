"""The rows of some tickets from which their facts are counted: as many questions for one ticket as for a thousand."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from calendars.models import CalendarVersion
from calendars.worktime import WorkTime
from escalation.enums import DeadlineKind, RungState
from escalation.models import Acknowledgement, Deadline, HandOff, Rung, StepSpell
from reports.facts.escalations import Climb, Due
from reports.facts.tickets import Deed, Spell
from sla.honest import Word
from sla.hours import hours_of
from sla.ledger import Entry
from sla.models import Clock, LedgerEntry
from tickets.enums import EventKind
from tickets.models import Event, Message, OwnerSpell
from tickets.querysets import asks

Numbers = Collection[int]
_DONE_BY_HAND = (EventKind.REPLIED, EventKind.NOTED, EventKind.RESTORED)


def spells(numbers: Numbers) -> dict[int, list[Spell]]:
    rows = OwnerSpell.objects.filter(ticket__in=numbers).order_by("ticket", "started_at", "pk")
    return _grouped(rows.values_list("ticket", "owner", "team", "started_at", "ended_at"), Spell)


def deeds(numbers: Numbers) -> tuple[dict[int, list[Deed]], dict[int, list[datetime]]]:
    """By ticket, what colleagues wrote on it, and when it came back from the trash."""
    done: dict[int, list[Deed]] = defaultdict(list)
    restored: dict[int, list[datetime]] = defaultdict(list)
    rows = Event.objects.filter(ticket__in=numbers, kind__in=_DONE_BY_HAND).order_by("ticket", "at", "pk")
    for number, kind, actor, at in rows.values_list("ticket", "kind", "actor", "at"):
        if kind == EventKind.RESTORED:
            restored[number].append(at)
        else:
            done[number].append(Deed(actor, at, kind == EventKind.REPLIED))
    return done, restored


def ledgers(clocks: Numbers) -> dict[int, list[Entry]]:
    """By clock, in the order of writing, without what only an explanation names."""
    rows = LedgerEntry.objects.filter(clock__in=clocks).order_by("clock", "pk")
    found = list(rows.values_list("clock", "at", "kind", "target_seconds", "calendar_version", "waits_for"))
    hours = _hours({row[4] for row in found})
    return _grouped(found, lambda *row: _entry(row, hours))


def words(numbers: Numbers) -> dict[int, list[Word]]:
    """What was said in public on some tickets, in order, without the texts."""
    said = Message.objects.public().filter(ticket__in=numbers).order_by("ticket", "created_at", "pk")
    return _grouped(said.values_list("ticket", "created_at", "by_customer", asks()), Word)


def promises(numbers: Numbers) -> "list[Clock]":
    """The clocks of what customers were promised; those that teams have among themselves are nobody's promise."""
    rows = Clock.objects.filter(ticket__in=numbers).select_related("policy_version").order_by("pk")
    read = ("ticket", "metric", "policy_version", "policy_version__policy", "responsible_team", "started_at")
    return list(rows.only(*read))


def deadlines(escalations: Numbers) -> dict[int, list[Due]]:
    kinds = (DeadlineKind.FIRST_HOUR, DeadlineKind.UPDATE)
    rows = Deadline.objects.filter(escalation__in=escalations, kind__in=kinds).order_by("escalation", "pk")
    return _grouped(rows.values_list("escalation", "kind", "due_at", "met_at", "missed_at", "cancelled_at"), Due)


def acknowledgements(escalations: Numbers) -> dict[int, datetime]:
    """The first of each."""
    rows = Acknowledgement.objects.filter(escalation__in=escalations).order_by("-at", "-pk")
    return dict(rows.values_list("escalation", "at"))


def climbs(escalations: Numbers) -> dict[int, list[Climb]]:
    rows = Rung.objects.filter(escalation__in=escalations, state=RungState.SENT, sent_at__isnull=False)
    return _grouped(rows.order_by("escalation", "pk").values_list("escalation", "level", "sent_at"), Climb)


def steps(escalations: Numbers) -> dict[int, dict[str, int]]:
    """How long each stood at which state, added up over its returns."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = StepSpell.objects.filter(escalation__in=escalations).order_by("pk")
    for number, state, length in rows.values_list("escalation", "state", "seconds"):
        found[number][state] = found[number].get(state, 0) + length
    return found


def bounced(escalations: Numbers) -> dict[int, bool]:
    rows = HandOff.objects.filter(escalation__in=escalations).values_list("escalation", "returned_at")
    return {number: returned_at is not None for number, returned_at in rows}


def _entry(row: tuple[Any, ...], hours: dict[int | None, WorkTime]) -> Entry:
    at, kind, target, calendar, waits_for = row
    if target is None:
        return Entry(at=at, kind=kind, waits_for=waits_for)
    return Entry(at=at, kind=kind, target=timedelta(seconds=target), calendar=hours[calendar], waits_for=waits_for)


def _hours(versions: Collection[int | None]) -> dict[int | None, WorkTime]:
    found = CalendarVersion.objects.in_bulk([pk for pk in versions if pk is not None])
    return {None: hours_of(None)} | {pk: hours_of(version) for pk, version in found.items()}


def _grouped(rows: Iterable[tuple[Any, ...]], made: Any) -> dict[int, list[Any]]:
    """By their first column, in which order they come; made of the others."""
    return {key: [made(*row[1:]) for row in some] for key, some in groupby(rows, key=itemgetter(0))}
