"""What the rules make of a ticket that is not stored yet: its team, its owner, its priority, its tags (R11, R56)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from common.configuration import SetUp
from people.models import User
from tickets import matching, owing, timeline
from tickets.models import AwaitedOwner, RoutingLook, Ticket
from tickets.routing import Decision, Turns, as_data, compiled, decide
from tickets.routing.placing import team_of


def place(ticket: Ticket, body: str, *, tags: Sequence[str], set_up: SetUp, people: Turns) -> Decision | None:
    """Give a new ticket what the rules say, unless whoever opened it has named its team. `tags` by `tagging.names`.

    `people`: one for all tickets that are opened together, so that what one of them is given counts for the next.
    """
    if ticket.team is not None:
        return None
    decision = decide(compiled(set_up), matching.facts_of(ticket, text=body, tags=tags), people)
    ticket.team = team_of(decision)
    ticket.priority = decision.priority or ticket.priority
    owner = decision.owner
    if owner is not None and owner.key:
        ticket.assignee = User.objects.get_queryset().get(pk=owner.key)
        people.give(owner.rule, owner.team, owner.key, takes_turn=owner.takes_turn)
    return decision


def with_tags(names: Sequence[str], decision: Decision | None) -> list[str]:
    """Those that it came with, and those that the rules put on it."""
    return list(dict.fromkeys((*names, *(decision.tags if decision is not None else ()))))


def record(ticket: Ticket, decision: Decision | None, *, now: datetime, actor: User | None) -> None:
    """A stored ticket's first lines, and its place in the line of those that wait for an owner."""
    await_owner(ticket, decision, now=now)
    owing.owe(ticket, decision, now=now)
    be_looked_at(ticket, SetUp(), now=now)
    timeline.record_opened(ticket, now=now, actor=actor, routed=told(ticket, decision))


def be_looked_at(ticket: Ticket, set_up: SetUp, *, now: datetime) -> None:
    """Where rules look at changes or at quiet, they know a ticket from its beginning; see `rerouting.looking`."""
    if compiled(set_up).looks_again:
        RoutingLook.objects.bulk_create([RoutingLook(ticket=ticket, next_moment=now)], ignore_conflicts=True)


def await_owner(ticket: Ticket, decision: Decision | None, *, now: datetime) -> None:
    """Where a rule wants an owner and nobody can be, the ticket waits in line for one; see `rerouting.waiting`."""
    choice = decision.owner if decision is not None else None
    if decision is None or choice is None or choice.key or ticket.team_id is None:
        return
    AwaitedOwner.objects.update_or_create(
        ticket=ticket,
        defaults={
            "team_id": ticket.team_id,
            "rule_id": choice.rule or None,
            "rule_name": decision.rule_name,
            "action": choice.action.as_json(),
            "severity": choice.severity,
            "since": now,
        },
    )


def told(ticket: Ticket, decision: Decision | None) -> dict[str, Any] | None:
    """For the timeline: where it went, by which rule, and why (R56); nothing of a ticket that is nobody's."""
    if ticket.team is None:
        return None
    if decision is None:
        return {"team": ticket.team.name, "rule": ""}
    said: dict[str, Any] = {"team": ticket.team.name, "rule": decision.rule_name}
    if ticket.assignee is not None:
        said["assignee"] = ticket.assignee.name
    why = as_data(decision)
    return {**said, "why": why} if any(why.values()) else said
