"""What a ladder will do when nobody acknowledges: who is alerted, when, where it has a hole. It changes nothing.

Levels that lie ahead are asked for their own moment: whoever is on duty then, and whoever will be away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from escalation.alerting.ladders import rungs_of
from escalation.alerting.reaching import Reaching, opens_at
from escalation.enums import RungState
from escalation.models import Escalation, Ladder, Rung
from people.models import Team, User
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Coming:
    """A level that is still to be told, with its moment. `hole` says why it will be passed over.

    `instead`: who is told in the place of the last level where that reaches nobody.
    """

    rung: Rung
    at: datetime
    people: Sequence[User]
    hole: str = ""
    instead: Sequence[User] = ()

    @property
    def told(self) -> Sequence[User]:
        return self.people or self.instead


def foretell(rungs: Sequence[Rung], now: datetime) -> list[Coming]:
    """Of one round, its levels in order, the next of which has its moment; those that were told are left out."""
    ahead = [rung for rung in rungs if rung.state == RungState.WAITING]
    if not ahead or ahead[0].next_moment is None:
        return []
    found: list[Coming] = []
    at = max(ahead[0].next_moment, now)
    for number, rung in enumerate(ahead):
        if number:
            at += rung.delay if found[-1].people else timedelta()
        opens = opens_at(rung, at)
        is_last = rung is ahead[-1]
        if opens > at and not is_last:
            found.append(Coming(rung, at, [], _("Outside working hours")))
            continue
        at = opens
        reaching = Reaching(at)
        reached, instead = reaching.on(rung), []
        if is_last and not reached.people:
            told_before = any(one.who for one in rungs) or any(one.people for one in found)
            instead = reaching.instead_of(rung, told_before)
        found.append(Coming(rung, at, reached.people, reached.hole, instead))
    return found


def next_told(rungs: Sequence[Rung], now: datetime) -> Coming | None:
    """The first level ahead on which somebody will be."""
    return next((coming for coming in foretell(rungs, now) if coming.told), None)


def next_after(escalation: Escalation, now: datetime) -> Coming | None:
    """Of its running round, the first level that is told later than now."""
    rungs = list(escalation.rungs.filter(round=escalation.ladder_round).order_by("level"))
    return next((coming for coming in foretell(rungs, now) if coming.told and coming.at > now), None)


def served_by(ladder: Ladder) -> list[Team]:
    """Its own team; without one all that have no ladder of their own."""
    if ladder.team is not None:
        return [ladder.team]
    return list(Team.objects.filter(ladder=None).order_by("name"))


def would_reach(ladder: Ladder, team: Team, now: datetime) -> list[Coming]:
    """Whom it would alert if something of this team, which nobody owns yet, were escalated at this moment."""
    return foretell(rungs_of(ladder, Escalation(ticket=Ticket(team=team), team=team), now), now)
