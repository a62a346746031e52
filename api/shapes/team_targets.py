"""Internal targets as the API shows them."""

from typing import Annotated, TypedDict

from sla.models import TeamTarget
from tickets.enums import Priority


class TeamTargetShape(TypedDict):
    """How long a team may hold a ticket; `escalates` says whether missing it opens an escalation or only alerts.

    `warn_at` per cent of it the ticket's owner is warned, without one the team's lead; null for no warning.
    """

    team: str
    priority: Annotated[str, Priority]
    seconds: int
    round_the_clock: bool
    escalates: bool
    warn_at: int | None


def team_target_shape(own: TeamTarget) -> TeamTargetShape:
    return {
        "team": own.team.slug,
        "priority": own.priority,
        "seconds": own.seconds,
        "round_the_clock": own.round_the_clock,
        "escalates": own.escalates,
        "warn_at": own.warn_at,
    }
