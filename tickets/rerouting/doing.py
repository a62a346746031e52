"""What a decision wants is done to a ticket that is there already: under its lock, and said in one line (R56)."""

from datetime import datetime
from typing import Any

from people.models import User
from tickets import actions, arriving, labelling, owing, timeline
from tickets.enums import EventKind
from tickets.models import Ticket
from tickets.routing import Decision, Turns, as_data
from tickets.routing.placing import team_of

# Written on what a ticket's timeline says of a rule's doing, so that it sets off no rule by itself.
RULE = "routing"


def apply(decision: Decision, ticket: Ticket, people: Turns, *, now: datetime) -> None:
    """The caller holds the ticket's lock. Why comes first, then what was done."""
    rule = decision.rule
    if rule is None:
        return
    said: dict[str, Any] = {"event": decision.event, **timeline.of_rule(RULE)}
    if team := team_of(decision):
        said["team"] = team.name
    timeline.record(
        ticket,
        EventKind.ROUTED,
        now=now,
        reference=rule.reference,
        rule=rule.name,
        why=as_data(decision),
        **said,
    )
    owing.owe(ticket, decision, now=now)
    _hand(decision, ticket, people, now)
    if decision.priority:
        actions.set_priority(ticket=ticket, priority=decision.priority, now=now, by=None, by_rule=RULE)
    for tag in decision.tags:
        labelling.add_tag(ticket=ticket, name=tag, now=now, by=None, by_rule=RULE)


def _hand(decision: Decision, ticket: Ticket, people: Turns, now: datetime) -> None:
    """To its team, its new owner, or both; to nobody where it is already."""
    team, choice = team_of(decision), decision.owner
    owner = User.objects.active().filter(pk=choice.key).first() if choice is not None and choice.key else None
    moves = team is not None and team.pk != ticket.team_id
    if moves or (owner is not None and owner.pk != ticket.assignee_id):
        changed = actions.assign(
            ticket=ticket, team=team if moves else None, assignee=owner, now=now, by=None, by_rule=RULE
        )
        ticket.team, ticket.assignee = changed.team, changed.assignee
        if choice is not None and choice.key:
            people.give(choice.rule, choice.team, choice.key, takes_turn=choice.takes_turn)
    if ticket.assignee_id is None:
        arriving.await_owner(ticket, decision, now=now)
