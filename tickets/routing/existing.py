"""What exists at this desk for actions to name: all of it for whoever edits them, for a book only what they name."""

from collections.abc import Collection, Mapping

from notifications.models import Endpoint
from people.models import Skill, Team
from tickets.models import QuickReply
from tickets.routing import naming
from tickets.routing.action import Do, Known


def known_now() -> Known:
    """Five queries."""
    return Known(
        teams=dict(Team.objects.values_list("slug", "name")),
        skills=frozenset(Skill.objects.values_list("name", flat=True)),
        replies=_replies(),
        endpoints=_endpoints(),
        reasons=naming.reasons(),
        ladders=naming.ladders(),
    )


def known_to(teams: Mapping[str, str], *, named: Collection[str]) -> Known:
    """For rules that are asked: of what no action of theirs names, nothing is asked. `named`: what they do."""
    return Known(
        teams=teams,
        replies=_replies() if Do.REPLY in named else None,
        endpoints=_endpoints() if Do.WEBHOOK in named else None,
        reasons=naming.reasons(),
    )


def _replies() -> frozenset[str]:
    return frozenset(QuickReply.objects.filter(is_enabled=True).values_list("title", flat=True))


def _endpoints() -> frozenset[str]:
    return frozenset(Endpoint.objects.filter(is_enabled=True).values_list("name", flat=True))
