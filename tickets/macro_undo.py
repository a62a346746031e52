"""What a macro has changed of a ticket is put back, as far as it can be: what was said stays said."""

from datetime import datetime
from typing import Any

from people.models import Team, User
from tickets import actions, labelling
from tickets.enums import Priority
from tickets.models import BulkAct, Ticket
from tickets.stepping_back import standing, step_back


def state(ticket: Ticket, value: str) -> dict[str, Any]:
    """All that a macro can change, to be kept as JSON."""
    return {
        "owners": [ticket.team_id, ticket.assignee_id],
        "status": standing(ticket),
        "priority": str(ticket.priority),
        "tags": sorted(ticket.tags.values_list("name", flat=True)),
    }


def told_by(seen: dict[str, Any]) -> tuple[Any, ...]:
    """What tells whether somebody has changed it since."""
    return seen["owners"], seen["status"]["status"], seen["status"]["step"], seen["priority"], seen["tags"]


def put_back(user: User, ticket: Ticket, done: BulkAct, before: dict[str, Any], now: datetime) -> None:
    after = state(ticket, done.value)
    for name in set(after["tags"]) - set(before["tags"]):
        labelling.remove_tag(ticket=ticket, name=name, now=now, by=user)
    for name in set(before["tags"]) - set(after["tags"]):
        labelling.add_tag(ticket=ticket, name=name, now=now, by=user)
    if before["priority"] != after["priority"]:
        actions.set_priority(ticket=ticket, priority=Priority(before["priority"]), now=now, by=user)
    if before["status"]["step"] != after["status"]["step"]:
        step_back(ticket=ticket, was=before["status"], done_at=done.at, now=now, by=user)
    if before["owners"] != after["owners"]:
        team, assignee = before["owners"]
        actions.give_back(
            ticket=ticket,
            now=now,
            by=user,
            team=Team.objects.filter(pk=team).first(),
            assignee=User.objects.active().filter(pk=assignee).first(),
        )
