"""Programs hear of what happens to tickets and escalations (R71): from the timeline into the outbox.

Nothing is asked or written while the thing happens: here the timeline is read behind its writers, every two seconds
while any program listens, and for each event and program that wants it there is exactly one row of the outbox (its
key), which is sent at least once. Told are numbers, states and times; words only to whom an administrator grants them.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from common import clock, heartbeat, tailing
from common.models import Setback
from common.rows import insert
from common.setbacks import Round
from common.tailing import Part
from escalation.enums import OF_LEARNING
from escalation.hook_payloads import payload
from escalation.models import Escalation
from notifications.actions import ring_on_commit
from notifications.enums import Channel, DeliveryState, HookEvent
from notifications.models import Delivery, Endpoint, HookCursor
from notifications.webhooks import EVENT
from tickets.enums import DONE_STATUSES, EventKind
from tickets.models import Event, Ticket

logger = logging.getLogger(__name__)

HEARTBEAT = "hooks"
BATCH = 500

_CHANGED = (
    *(EventKind.ASSIGNED, EventKind.STATUS, EventKind.PRIORITY, EventKind.TAGGED, EventKind.CHANGED),
    *(EventKind.LINKED, EventKind.MERGED, EventKind.SPLIT, EventKind.SNOOZED, EventKind.TRASHED, EventKind.RESTORED),
)
_STEPS = ("approved", "communication_begun", "resolution_begun", "resolved", "reopened")
_ENDS = ("closed", "declined", "withdrawn", "returned", "deescalated", "gave_way")
HEARD: dict[str, HookEvent] = {
    EventKind.OPENED: HookEvent.TICKET_CREATED,
    **dict.fromkeys(_CHANGED, HookEvent.TICKET_UPDATED),
    **dict.fromkeys((EventKind.REPLIED, EventKind.CUSTOMER_WROTE), HookEvent.TICKET_REPLIED),
    **{f"escalation.{what}": HookEvent.ESCALATION_OPENED for what in ("opened", "requested")},
    **{f"escalation.{what}": HookEvent.ESCALATION_STEP for what in _STEPS},
    **{f"escalation.{what}": HookEvent.ESCALATION_ACKNOWLEDGED for what in ("acknowledged", "accepted")},
    **{f"escalation.{what}": HookEvent.ESCALATION_CLOSED for what in _ENDS},
    "sla.breached": HookEvent.BREACHED,
    "escalation.deadline_missed": HookEvent.PROMISE_MISSED,
}
_READ = ("ticket__team", "ticket__organisation", "ticket__requester", "actor")


class _Program(NamedTuple):
    endpoint: Endpoint
    teams: frozenset[int]

    def hears(self, what: HookEvent, event: Event, escalation: Escalation | None) -> bool:
        ticket = event.ticket
        severity = escalation.severity if escalation else ticket.severity
        if what not in self.endpoint.events or event.at < self.endpoint.created_at:
            return False
        return self.endpoint.hears_at(severity) and self._may_hear_of(ticket)

    def _may_hear_of(self, ticket: Ticket) -> bool:
        """Of what a team keeps to itself only where that team is named."""
        if self.teams:
            return ticket.team_id in self.teams
        return ticket.team is None or not ticket.team.restricted


def run() -> int:
    """One round; returns how many calls were put into the outbox. Safe to run in several processes at once."""
    clock.synchronise()
    now = clock.now()
    made = _round(now) if Endpoint.objects.listening().exists() else _forget()
    heartbeat.beat(HEARTBEAT, now=now, told=made)
    return made


def type_of(event: Event) -> HookEvent | None:
    """What programs know it as; None for what none of them is told."""
    what = HEARD.get(event.kind)
    if what is HookEvent.PROMISE_MISSED and event.data.get("promise") in OF_LEARNING:
        return None
    if what is HookEvent.TICKET_UPDATED and event.kind == EventKind.STATUS and event.data["after"] in DONE_STATUSES:
        return HookEvent.TICKET_CLOSED
    return what


@transaction.atomic
def _round(now: datetime) -> int:
    cursor = HookCursor.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
    row = cursor.first()
    if row is None:
        if not HookCursor.objects.exists():
            HookCursor.objects.create(pk=1, **tailing.at_the_end(Event.objects.all()))
        return 0
    programs = [
        _Program(one, frozenset(team.pk for team in one.teams.all()))
        for one in Endpoint.objects.listening().prefetch_related("teams")
    ]
    parts = row.advance(Event.objects.all(), most=BATCH * 4)
    made = sum(_tell(programs, part, now) for part in parts)
    setbacks = Round(HEARTBEAT, now, is_kept_here_alone=True)
    made += setbacks.each(setbacks.due(), lambda key: _tell_together(programs, [int(key)], now))
    row.save()
    if made:
        ring_on_commit()
    return made


def _forget() -> int:
    """Whoever listens again hears of what happens from then on."""
    if HookCursor.objects.exists():
        HookCursor.objects.all().delete()
        Setback.objects.filter(round=HEARTBEAT).delete()
    return 0


def _tell(programs: Sequence[_Program], part: Part, now: datetime) -> int:
    found = Event.objects.filter(pk__gt=part.after, pk__lte=part.until, kind__in=HEARD).order_by("pk")
    keys = list(found.values_list("pk", flat=True))
    return sum(_tell_some(programs, keys[at : at + BATCH], now) for at in range(0, len(keys), BATCH))


def _tell_some(programs: Sequence[_Program], keys: Sequence[int], now: datetime) -> int:
    """Together; where one of them cannot be told, one by one: that one is tried again, and holds up no other.

    It is behind the cursor from then on, which is not saved where that one cannot be remembered.
    """
    try:
        return _tell_together(programs, keys, now)
    except Exception:
        logger.exception("Of %d events programs could not be told together.", len(keys))
    setbacks = Round(HEARTBEAT, now, is_kept_here_alone=True)
    return setbacks.each(keys, lambda key: _tell_together(programs, [key], now))


@transaction.atomic
def _tell_together(programs: Sequence[_Program], keys: Sequence[int], now: datetime) -> int:
    found = Event.objects.filter(pk__in=keys).select_related(*_READ).order_by("pk")
    events = [event for event in found if event.ticket.trashed_at is None or event.kind == EventKind.TRASHED]
    escalations = Escalation.objects.in_bulk({number for event in events if (number := _number_in(event))})
    rows = [
        _call(program.endpoint, what, event, escalation, now)
        for event in events
        if (what := type_of(event)) is not None
        for escalation in [escalations.get(_number_in(event))]
        for program in programs
        if program.hears(what, event, escalation)
    ]
    known = Delivery.objects.filter(dedupe_key__in=[row["dedupe_key"] for row in rows])
    told = set(known.values_list("dedupe_key", flat=True))
    fresh = [row for row in rows if row["dedupe_key"] not in told]
    insert(Delivery, fresh, unless_there=True)
    return len(fresh)


def _number_in(event: Event) -> int:
    """Of the escalation that it is about; 0 for none."""
    number = event.reference.removeprefix("E-") if event.kind.startswith("escalation.") else ""
    return int(number) if number.isdigit() else 0


def _call(
    endpoint: Endpoint, what: HookEvent, event: Event, escalation: Escalation | None, now: datetime
) -> dict[str, Any]:
    return {
        "channel": Channel.WEBHOOK,
        "endpoint_id": endpoint.pk,
        "address": endpoint.name,
        "host": f"hook:{endpoint.pk}",
        "severity": escalation.severity if escalation else event.ticket.severity,
        "ticket_number": event.ticket_id,
        "escalation_number": escalation.number if escalation else None,
        "subject": f"{what} #{event.ticket_id}" + (f" {escalation.reference}" if escalation else ""),
        "context": {EVENT: payload(what, event, escalation, with_words=endpoint.with_words)},
        "state": DeliveryState.WAITING,
        "dedupe_key": f"event:{event.pk}:hook:{endpoint.pk}",
        "next_try_at": now,
        "created_at": now,
    }
