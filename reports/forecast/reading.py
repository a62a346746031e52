"""What is coming, for a reader: what nobody will reach in time, and what is likely to be escalated."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from people.models import Team, User
from reports.enums import RunState
from reports.forecast.keeping import terms
from reports.forecast.standing import there_of, with_who_is_there
from reports.models import Outlook
from tickets.models import Ticket


def too_late(user: User) -> "QuerySet[Outlook]":
    """Promises that will be broken before their team comes to them, the first due first."""
    return _shown(user).filter(is_too_late=True).order_by("due_at", "pk")


def likely(user: User, *, now: datetime) -> Sequence[Outlook]:
    """The likeliest of each team, as many as those who are there can look at; the likeliest first.

    Empty while the forecast is in shadow. Four queries.
    """
    left = _capacities(now)
    chosen = []
    told = _shown(user).filter(run__state=RunState.LIVE).exclude(chance=None).order_by("-chance", "pk")
    for key, team in told.values_list("pk", "ticket__team"):
        if left[team] > 0:
            left[team] -= 1
            chosen.append(key)
    return list(_shown(user).filter(pk__in=chosen).order_by("-chance", "pk"))


def in_shadow(user: User, *, most: int) -> "QuerySet[Outlook]":
    """What a forecast that may not speak yet would put first: for its own page only."""
    return _shown(user).filter(run__state=RunState.SHADOW).order_by("-chance", "pk")[:most]


def _shown(user: User) -> "QuerySet[Outlook]":
    seen = Ticket.objects.visible_to(user).active()
    return Outlook.objects.filter(ticket__in=seen).select_related(
        "ticket__team", "ticket__assignee", "ticket__organisation", "ticket__requester"
    )


def _capacities(now: datetime) -> Counter[int | None]:
    """By team; a ticket without a team is nobody's to look at."""
    looks = terms().looks
    teams = with_who_is_there(Team.objects.all())
    return Counter({team.pk: there_of(team, now)[0] * looks for team in teams})
