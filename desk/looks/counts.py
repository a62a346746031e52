"""The figures of the rail, in a number of queries that does not depend on how much there is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from escalation.models import Escalation
from notifications.models import Alert
from people.models import Team, User
from tickets.enums import Priority, Status
from tickets.models import Ticket

SOON = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team in the rail, with its open tickets that the reader may see."""

    slug: str
    name: str
    icon: str
    count: int


def teams_of(user: User) -> list[int]:
    """The teams a person works in, leads or manages."""
    belongs = Q(members=user) | Q(lead=user) | Q(managers=user)
    return list(Team.objects.filter(belongs).distinct().values_list("pk", flat=True))


def need_me(user: User, team_ids: list[int]) -> Q:
    """Tickets that wait for a person or his teams; for somebody without a team, all."""
    return Q(assignee=user) | Q(team__in=team_ids) if team_ids else Q()


def counts_for(user: User, now: datetime) -> dict[str, int]:
    """Open tickets by view, live escalations, decisions that wait for the reader, unread alerts. Five queries."""
    past_due = Q(next_due_at__lte=now)
    tickets = (
        Ticket.objects.visible_to(user)
        .active()
        .aggregate(
            inbox=Count("pk"),
            do_next=Count("pk", filter=need_me(user, teams_of(user))),
            past_due=Count("pk", filter=past_due),
            due_hour=Count("pk", filter=Q(next_due_at__gt=now, next_due_at__lte=now + SOON)),
            urgent_unowned=Count("pk", filter=Q(assignee=None, priority=Priority.URGENT)),
            waiting=Count("pk", filter=Q(status=Status.WAITING)),
        )
    )
    return {
        **tickets,
        "escalations": Escalation.objects.visible_to(user).live().count(),
        "decisions": Escalation.objects.visible_to(user).requested().filter(decider=user).count(),
        "alerts": Alert.objects.for_person(user).unread().count(),
    }


def teams_for(user: User) -> list[TeamLine]:
    """The teams of the rail, each with its count; restricted ones for their own people only. Two queries."""
    tickets = Ticket.objects.visible_to(user).active().order_by()
    found = dict(tickets.values_list("team").annotate(n=Count("pk")).values_list("team", "n"))
    teams = Team.objects.order_by("name")
    if not user.is_manager:
        teams = teams.filter(Q(restricted=False) | Q(members=user) | Q(lead=user)).distinct()
    return [TeamLine(team.slug, team.name, team.icon, found.get(team.pk, 0)) for team in teams]
