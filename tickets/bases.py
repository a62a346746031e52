"""The desk's own views, of which a saved one narrows one: what each leaves of the tickets that somebody sees."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Q

from people.models import Team, User
from tickets.enums import Priority, Status
from tickets.models import Mention
from tickets.walking import SOON


def teams_of(user: User) -> list[int]:
    """The teams a person works in, leads or manages."""
    belongs = Q(members=user) | Q(lead=user) | Q(managers=user)
    return list(Team.objects.filter(belongs).distinct().values_list("pk", flat=True))


def need_me(user: User, team_ids: list[int]) -> Q:
    """Tickets that wait for a person or his teams; for somebody without a team, all."""
    return Q(assignee=user) | Q(team__in=team_ids) if team_ids else Q()


def mentioning(user: User) -> Q:
    """Tickets with a note that names the person and that he has not read."""
    return Q(pk__in=Mention.objects.filter(user=user, read_at=None).values("message__ticket"))


def awake(now: datetime) -> Q:
    """What sleeps until a later moment is not in the way."""
    return Q(snoozed_until=None) | Q(snoozed_until__lte=now)


NARROW: dict[str, Callable[[User, datetime], Q]] = {
    "": lambda user, now: awake(now),
    "do-next": lambda user, now: need_me(user, teams_of(user)) & awake(now),
    "past-due": lambda user, now: Q(next_due_at__lte=now),
    "due-hour": lambda user, now: Q(next_due_at__gt=now, next_due_at__lte=now + SOON),
    "urgent-unowned": lambda user, now: Q(assignee=None, priority=Priority.URGENT),
    "mentions": lambda user, now: mentioning(user),
    "snoozed": lambda user, now: Q(snoozed_until__gt=now),
    "waiting": lambda user, now: Q(status=Status.WAITING),
}
