"""What is urgent is not left lying (R12): after its team's minutes it is given to whoever is on duty, else to the lead.

A sweep over the open spells of tickets that are nobody's; each ticket is asked again under its own lock.
"""

from datetime import datetime, timedelta
from functools import partial
from itertools import cycle

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.failpoints import Point, reach
from common.setbacks import Round
from escalation.alerting import urgent_letters as letters
from notifications.actions import notify
from people.chain import lead_of, managers_of, on_duty
from people.models import Team, User
from tickets import actions as tickets
from tickets.models import OwnerSpell, Ticket
from tickets.querysets import TicketQuerySet

# As many of one team in one round; the next one follows in seconds.
BATCH = 200
RULE = _("urgent and nobody's")


def give_owners(now: datetime) -> int:
    """Returns how many tickets got one. One query where no team wants it."""
    teams = list(Team.objects.filter(urgent_within__isnull=False).with_people())
    return sum(_of_team(team, now) for team in teams)


def _of_team(team: Team, now: datetime) -> int:
    people = on_duty(team, now) or lead_of(team, now) or managers_of(team, now)
    able = [person for person in people if person.is_agent]
    if not able:
        return 0
    setbacks, turns = Round("urgent", now), cycle(able)
    numbers = list(setbacks.open(_lying(team, now)).order_by("number").values_list("number", flat=True)[:BATCH])
    return setbacks.each(numbers, lambda number: _give(number, team, next(turns), now))


def _lying(team: Team, now: datetime) -> TicketQuerySet:
    """Of the team, urgent, nobody's for as long as it may be, and neither asleep nor in the trash."""
    since = now - timedelta(minutes=team.urgent_within or 0)
    long_ago = OwnerSpell.objects.filter(owner=None, ended_at=None, started_at__lte=since)
    found = Ticket.objects.active().urgent().unowned().filter(team=team, trashed_at=None, merged_into=None)
    return found.awake(now).filter(number__in=long_ago.values("ticket"))


@transaction.atomic
def _give(number: int, team: Team, person: User, now: datetime) -> bool:
    ticket = tickets.lock_ticket(number)
    reach(Point.AFTER_CLAIM)
    if not _lying(team, now).filter(number=number).exists():
        return False
    tickets.assign(ticket=ticket, now=now, by=None, assignee=person, by_rule=str(RULE))
    notify(
        recipients=[person],
        compose=partial(letters.yours, ticket, team.urgent_within or 0),
        dedupe=f"ticket:{number}:urgent:{now.isoformat()}",
        now=now,
    )
    reach(Point.BEFORE_COMMIT)
    return True
