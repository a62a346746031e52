"""Who may do what by role alone; questions about one record live on that record's floor."""

from django.utils.translation import gettext as _

from common.errors import Refused
from people.models import Team, User


def check_agent(user: User) -> None:
    if not (user.is_active and user.is_agent):
        raise Refused(_("Only agents may do this."))


def check_manager(user: User) -> None:
    if not (user.is_active and user.is_manager):
        raise Refused(_("Only a manager may do this."))


def answers_for(user: User, team: Team | None) -> bool:
    """Leads or manages the team, or is an administrator."""
    if user.role == "admin":
        return True
    return team is not None and (team.lead_id == user.pk or team.managers.filter(pk=user.pk).exists())
