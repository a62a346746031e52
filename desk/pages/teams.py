"""To whom do I turn: what a team takes, who answers for it, what it knows and how to escalate to it (R34)."""

from django.db.models import Count, Q
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from common import clock
from common.errors import NotFound
from desk.answers import DeskRequest, desk_page, show
from escalation.initiate.raising import HAND_OFF_WITHIN
from escalation.models import Ladder
from mailroom.letterheads import addresses_of
from people.models import Skill, Team
from people.teams import may_edit
from people.timetable import hours_of
from tickets.models import Service
from tickets.querysets import closed_to


@require_safe
@desk_page
def team(request: DeskRequest, slug: str) -> HttpResponse:
    """A restricted team shows itself to whoever may see its tickets."""
    teams = Team.objects.select_related("lead", "parent", "calendar")
    if not request.user.is_manager:
        teams = teams.exclude(pk__in=closed_to(request.user))
    found = teams.filter(slug=slug).first()
    if found is None:
        raise NotFound
    ladder = Ladder.objects.filter(Q(team=found) | Q(team=None)).order_by("team").prefetch_related("levels").first()
    skills = Skill.objects.filter(holders__user__in=found.members.filter(is_active=True))
    context = {
        "team": found,
        "managers": found.managers.filter(is_active=True).order_by("name"),
        "members": list(found.members.filter(is_active=True).order_by("name")),
        "skills": list(skills.annotate(n=Count("holders")).order_by("-n", "name").values_list("name", "n")),
        "hours": hours_of(found, clock.now()),
        "addresses": addresses_of(found),
        "may_edit": may_edit(request.user, found),
        "services": list(Service.objects.filter(team=found, is_active=True)),
        "minutes": int(HAND_OFF_WITHIN.total_seconds() // 60),
        "ladder": [level.get_reach_display() for level in ladder.levels.all()] if ladder and ladder.team_id else [],
    }
    return show(request, "desk/teams/one.html", context)
