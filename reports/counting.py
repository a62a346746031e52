"""The facts of some tickets, counted anew from the rows below and written in the place of what was there."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from common.models import Setback
from common.rows import change, insert
from escalation.models import Escalation
from reports.facts import reading
from reports.facts.escalations import STEPS, acknowledged, approved, promises, told_in_time
from reports.facts.load import full_hour
from reports.facts.promises import kept
from reports.facts.tickets import Spell, course, owner_at, seconds
from reports.models import EscalationFact, LoadHour, PromiseFact, TicketFact
from sla.enums import EntryKind
from tickets.models import Rating, Ticket

_Row = dict[str, Any]
_Spells = dict[int, list[Spell]]
_Loads = dict[tuple[datetime, int | None], float]

BATCH = 500
# By which name hours whose load could not be counted rest as setbacks.
LOAD_ROUND = "load"


@transaction.atomic
def recount(numbers: Sequence[int], *, loaded_to: datetime | None) -> None:
    """Of these tickets, whatever they are now: put away, merged into others, or gone, they have no facts.

    Before `loaded_to` the load of each hour has been counted. The caller holds the tail's lock, so that no older count
    is written over a newer one.
    """
    for model in (TicketFact, PromiseFact, EscalationFact):
        model._base_manager.filter(ticket__in=numbers).delete()
    tickets = list(Ticket.objects.filter(pk__in=numbers, trashed_at=None))
    known = [ticket.number for ticket in tickets]
    spells = reading.spells(known)
    insert(TicketFact, list(_tickets(tickets, spells, loaded_to)))
    insert(PromiseFact, list(_promises(tickets, spells)))
    insert(EscalationFact, list(_escalations(known)))


def write_load(first: datetime, until: datetime) -> None:
    """On tickets that were opened in these hours, which have just been counted."""
    hours = _loads_in(LoadHour.objects.filter(hour__gte=first, hour__lt=until))
    opened = TicketFact.objects.filter(opened_at__gte=first, opened_at__lt=until).order_by("pk")
    rows = [
        {"ticket_id": number, "load": hours.get((full_hour(at), team), 0.0)}
        for number, at, team in opened.values_list("pk", "opened_at", "first_team")
    ]
    for at in range(0, len(rows), BATCH):
        change(TicketFact, rows[at : at + BATCH])


def _loads_in(found: "QuerySet[LoadHour]") -> _Loads:
    rows = found.values_list("hour", "team", "open", "people")
    return {(hour, team): open_ / max(people, 1) for hour, team, open_, people in rows}


def _loads_for(tickets: Sequence[Ticket]) -> _Loads:
    hours = {full_hour(ticket.created_at) for ticket in tickets}
    return _loads_in(LoadHour.objects.filter(hour__in=hours))


def _resting() -> set[datetime]:
    """Hours whose load could not be counted: nothing is known of them, which is not nothing in hand."""
    rows = Setback.objects.filter(round=LOAD_ROUND)
    return {datetime.fromisoformat(key) for key in rows.values_list("key", flat=True)}


def _tickets(tickets: Sequence[Ticket], spells: _Spells, loaded_to: datetime | None) -> Iterator[_Row]:
    numbers = [ticket.number for ticket in tickets]
    done, restored = reading.deeds(numbers)
    ratings = {row.pop("ticket"): row for row in _ratings(numbers)}
    loads, resting = _loads_for(tickets), _resting()
    for ticket in tickets:
        if ticket.merged_into_id is not None:
            continue
        own = spells.get(ticket.number, [])
        way = course(own, done.get(ticket.number, []), restored.get(ticket.number, ()))
        solved_at = ticket.solved_at if ticket.is_done else None
        rated = ratings.get(ticket.number, {"score": None, "rated_at": None})
        first_team, values = way.first_team if own else ticket.team_id, way._asdict()
        del values["first_team"]
        hour = full_hour(ticket.created_at)
        is_counted = loaded_to is not None and hour < loaded_to and hour not in resting
        yield {
            "ticket_id": ticket.number,
            "opened_at": ticket.created_at,
            "first_team_id": first_team,
            "team_id": ticket.team_id,
            "agent_id": ticket.assignee_id,
            "organisation_id": ticket.organisation_id,
            "customer_id": ticket.requester_id,
            "priority": ticket.priority,
            "first_reply_seconds": seconds(ticket.created_at, way.first_reply_at) if way.first_reply_at else None,
            "solved_at": solved_at,
            "solve_seconds": seconds(ticket.created_at, solved_at) if solved_at else None,
            **values,
            **rated,
            "load": loads.get((hour, first_team), 0.0) if is_counted else None,
        }


def _ratings(numbers: Sequence[int]) -> Iterator[_Row]:
    rows = Rating.objects.filter(ticket__in=numbers).values_list("ticket", "score", "changed_at")
    for ticket, score, changed_at in rows:
        yield {"ticket": ticket, "score": score, "rated_at": changed_at}


def _promises(tickets: Sequence[Ticket], spells: _Spells) -> Iterator[_Row]:
    by_number = {ticket.number: ticket for ticket in tickets}
    clocks = reading.promises(list(by_number))
    ledgers = reading.ledgers([clock.pk for clock in clocks])
    paused = {clock.ticket_id for clock in clocks if _was_paused(ledgers.get(clock.pk, []))}
    words = reading.words(sorted(paused))
    for clock in clocks:
        outcome = kept(ledgers.get(clock.pk, []), words.get(clock.ticket_id, []))
        if outcome is None:
            continue
        ticket = by_number[clock.ticket_id]
        yield {
            "clock_id": clock.pk,
            "ticket_id": ticket.number,
            "metric": clock.metric,
            "policy_id": clock.policy_version.policy_id,
            "priority": ticket.priority,
            "team_id": clock.responsible_team_id,
            "agent_id": owner_at(spells.get(ticket.number, []), outcome.decided_at),
            "organisation_id": ticket.organisation_id,
            "home_id": ticket.team_id,
            "owner_id": ticket.assignee_id,
            "started_at": clock.started_at,
            **outcome._asdict(),
        }


def _was_paused(entries: Sequence[Any]) -> bool:
    return any(entry.kind == EntryKind.PAUSED for entry in entries)


def _escalations(numbers: Sequence[int]) -> Iterator[_Row]:
    rows = Escalation.objects.filter(ticket__in=numbers).select_related("ticket", "proposal").order_by("number")
    found = list(rows)
    keys = [one.number for one in found]
    deadlines, steps, bounced = reading.deadlines(keys), reading.steps(keys), reading.bounced(keys)
    climbs, first = reading.climbs(keys), reading.acknowledgements(keys)
    for one in found:
        begun_at, at = one.initiated_at or one.opened_at, first.get(one.number)
        taken = acknowledged(begun_at, at, climbs.get(one.number, [])) if at else None
        promised, broken = promises(deadlines.get(one.number, []))
        yield {
            **_who_and_what(one),
            "is_approved": approved(one.kind, one.state, one.initiated_at),
            "is_told_in_time": told_in_time(deadlines.get(one.number, [])),
            "promises_kept": promised,
            "promises_broken": broken,
            "acknowledge_seconds": taken.seconds if taken else None,
            "level": taken.level if taken else None,
            "level_seconds": taken.level_seconds if taken else None,
            "is_bounced": bounced.get(one.number),
            **{column: steps.get(one.number, {}).get(state) for state, column in STEPS.items()},
            "resolved_at": one.resolved_at,
            "solve_seconds": seconds(one.opened_at, one.resolved_at) if one.resolved_at else None,
            "closed_at": one.closed_at,
        }


def _who_and_what(one: Escalation) -> _Row:
    ticket, proposal = one.ticket, one.proposal
    return {
        "escalation_id": one.number,
        "ticket_id": ticket.number,
        "kind": one.kind,
        "origin": one.origin,
        "reason": one.reason,
        "state": one.state,
        "severity": one.severity,
        "cause": one.cause,
        "team_id": one.from_team_id or one.team_id,
        "agent_id": one.from_assignee_id or one.requester_id,
        "organisation_id": ticket.organisation_id,
        "customer_id": ticket.requester_id,
        "home_id": ticket.team_id,
        "owner_id": ticket.assignee_id,
        "procedure_id": one.procedure_id,
        "criterion_id": proposal.criterion_id if proposal else None,
        "rule_key": proposal.rule_key if proposal else None,
        "opened_at": one.opened_at,
    }
