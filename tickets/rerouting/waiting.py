"""What waits for an owner gets one when somebody is back or has room: the gravest first, of these the oldest (R57)."""

from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from common.setbacks import Round
from people.models import User
from tickets import actions, timeline
from tickets.actions import lock_ticket
from tickets.enums import DONE_STATUSES, EventKind
from tickets.models import AwaitedOwner
from tickets.rerouting.doing import RULE
from tickets.routing import Action, People, Turns
from tickets.routing.choosing import Choice, choose
from tickets.routing.explaining import as_choice

ROUND = "waiting"
# So many of a team in one round; whoever is back is not drowned, and the next round follows in two seconds.
BATCH = 50
# Behind everything of which a severity is known.
_NO_SEVERITY = 9


def drain(now: datetime) -> int:
    """Give owners to what waits, as far as there are any; returns how many were given."""
    _forget()
    teams = AwaitedOwner.objects.order_by("team").values_list("team__slug", flat=True).distinct()
    # People as they are known at the beginning, so that whoever has no room is not asked for each ticket anew.
    people, setbacks = People(now), Round(ROUND, now)
    return sum(_of_team(team, people, setbacks, now) for team in teams)


def _forget() -> None:
    """What has an owner by now, is done, is put away or went elsewhere waits no more."""
    elsewhere = Q(ticket__team=None) | ~Q(ticket__team=F("team"))
    gone = Q(ticket__status__in=DONE_STATUSES) | Q(ticket__trashed_at__isnull=False)
    AwaitedOwner.objects.filter(Q(ticket__assignee__isnull=False) | gone | elsewhere).delete()


def _of_team(team: str, people: People, setbacks: Round, now: datetime) -> int:
    gravest = Coalesce("ticket__severity", "severity", _NO_SEVERITY)
    waiting = AwaitedOwner.objects.filter(team__slug=team).order_by(gravest, "since", "pk")
    rows = {row.pk: row for row in waiting}
    taken = (setbacks.attempt(key, lambda key: _take(rows[key], team, people, now)) for key in rows)
    return len(list(islice(filter(None, taken), BATCH)))


def _take(row: AwaitedOwner, team: str, people: People, now: datetime) -> bool:
    """Asked of the people as they are known first: for most there is nobody yet."""
    choice = _chosen(row, people, team)
    if not choice.key or not give(row.pk, team, now=now):
        return False
    people.give(choice.rule, team, choice.key, takes_turn=choice.takes_turn)
    return True


def _chosen(row: AwaitedOwner, people: People, team: str) -> Choice:
    return choose(people, Action(**row.action), rule=row.rule_id or 0, team=team, severity=row.severity)


@transaction.atomic
def give(number: int, team: str, *, now: datetime) -> bool:
    """One ticket gets its owner; False where it has one by now, or nobody can be."""
    ticket = lock_ticket(number)
    row = AwaitedOwner.objects.filter(ticket=number, team__slug=team).first()
    if row is None or ticket.assignee_id is not None or ticket.is_done or ticket.team_id != row.team_id:
        return False
    people = Turns(now)
    choice = _chosen(row, people, team)
    owner = User.objects.active().filter(pk=choice.key).first()
    if owner is None:
        return False
    row.delete()
    why = {"owner": as_choice(choice)}
    reference = f"rule:{choice.rule}" if choice.rule else ""
    said: dict[str, Any] = {"event": "waiting", "rule": row.rule_name, "why": why, **timeline.of_rule(RULE)}
    timeline.record(ticket, EventKind.ROUTED, now=now, reference=reference, **said)
    actions.assign(ticket=ticket, assignee=owner, now=now, by=None, by_rule=RULE)
    people.give(choice.rule, team, choice.key, takes_turn=choice.takes_turn)
    return True
