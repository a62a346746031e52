"""Who may enter which room. What a room's subject is, a ticket or an escalation, is asked above."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common.errors import NotFound
from people.models import Team, User


def teams_open_to(user: User) -> "QuerySet[Team]":
    """The teams whose rooms a person may enter: all but foreign restricted ones, as with their tickets (R31)."""
    if not (user.is_active and user.is_agent):
        return Team.objects.none()
    teams = Team.objects.order_by("name")
    if user.is_manager:
        return teams
    mine = Team.objects.filter(Q(members=user) | Q(lead=user)).values("pk")
    return teams.filter(Q(restricted=False) | Q(pk__in=mine))


def access_team_room(user: User, slug: str) -> Team:
    """The team, or NotFound for absent and closed alike."""
    team = teams_open_to(user).filter(slug=slug).first()
    if team is None:
        raise NotFound(_("There is nothing here for you."))
    return team


def may_enter(user: User, team: Team | None) -> bool:
    return team is None or teams_open_to(user).filter(pk=team.pk).exists()
