"""Who may enter which room. What a room's subject is, a ticket or an escalation, is asked above."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common.errors import NotFound
from people.enums import MANAGING_ROLES
from people.models import Team, User
from people.querysets import UserQuerySet


def teams_open_to(user: User) -> "QuerySet[Team]":
    """The teams whose rooms a person may enter: all but foreign restricted ones, as with their tickets (R31)."""
    if not (user.is_active and user.is_agent):
        return Team.objects.none()
    return Team.objects.open_to(user).order_by("name")


def access_team_room(user: User, slug: str) -> Team:
    """The team, or NotFound for absent and closed alike."""
    team = teams_open_to(user).filter(slug=slug).first()
    if team is None:
        raise NotFound(_("There is nothing here for you."))
    return team


def who_enter(team: Team | None) -> UserQuerySet:
    """Everybody who may enter the room of a team, or everybody's: `teams_open_to`, asked from the other side."""
    staff = User.objects.active().staff()
    if team is None or not team.restricted:
        return staff
    return staff.filter(Q(teams=team) | Q(leads=team) | Q(manages=team) | Q(role__in=MANAGING_ROLES)).distinct()


def may_enter(user: User, team: Team | None) -> bool:
    return team is None or teams_open_to(user).filter(pk=team.pk).exists()
