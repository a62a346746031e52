"""The figures of the rail: each bounded (`tickets.tally` says why), all of a kind in one query."""

from dataclasses import dataclass
from datetime import datetime

from chat.models import PostMention
from desk.looks.inbox.views import VIEWS, need_me, teams_of
from escalation.models import Escalation, Review, TrackedAction
from notifications.models import Alert
from people.models import Team, User
from tickets.models import Ticket
from tickets.tally import tallies

__all__ = ["TeamLine", "counts_for", "need_me", "teams_for", "teams_of"]


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team in the rail, with its open tickets that the reader may see."""

    slug: str
    name: str
    icon: str
    count: int


def counts_for(user: User, now: datetime) -> dict[str, int]:
    """Open tickets by view, live escalations, decisions that wait for the reader, unread alerts,
    posts that name him, reviews and actions of his that are overdue. Two queries."""
    open_tickets = Ticket.objects.visible_to(user).active()
    views = {
        (name.replace("-", "_") or "inbox"): open_tickets.filter(view.narrow(user, now)) for name, view in VIEWS.items()
    }
    escalations = Escalation.objects.visible_to(user)
    found = tallies(
        {
            **views,
            "escalations": escalations.live(),
            "decisions": escalations.requested().filter(decider=user),
            "reviews": Review.objects.open().filter(owner=user, due_at__lte=now),
            "actions": TrackedAction.objects.open().filter(owner=user, due_at__lte=now),
            "rooms": PostMention.objects.filter(user=user, read_at=None),
            "alerts": Alert.objects.for_person(user).unread(),
        }
    )
    found["reviews"] += found.pop("actions")
    return found


def teams_for(user: User) -> list[TeamLine]:
    """The teams of the rail, each with its count; restricted ones for their own people only. Two queries."""
    teams = list(Team.objects.open_to(user).order_by("name"))
    open_tickets = Ticket.objects.visible_to(user).active()
    counted = tallies({team.slug: open_tickets.filter(team=team.pk) for team in teams})
    return [TeamLine(team.slug, team.name, team.icon, counted[team.slug]) for team in teams]
