"""The front doors' way to a ticket's whereabouts: whose it is, whether it sleeps, whether it is put away."""

from datetime import datetime

from django.utils.translation import gettext as _

from common.errors import NotFound
from people import permissions as people
from people.models import Team, User
from tickets import actions, handing, trash
from tickets.models import Ticket
from tickets.permissions import May, access_ticket


def take(*, user: User, number: int, now: datetime) -> Ticket:
    """It is mine from now on."""
    ticket = access_ticket(user, number, can=May.WORK)
    return actions.assign(ticket=ticket, now=now, by=user, assignee=user)


def hand_over(
    *, user: User, number: int, note: str, now: datetime, team: Team | None = None, assignee: User | None = None
) -> Ticket:
    """See `handing.hand_over`."""
    ticket = access_ticket(user, number, can=May.WORK)
    return handing.hand_over(ticket=ticket, note=note, now=now, by=user, team=team, assignee=assignee)


def snooze(*, user: User, number: int, until: datetime, now: datetime, reason: str = "", hold: bool = False) -> Ticket:
    """See `handing.snooze`."""
    ticket = access_ticket(user, number, can=May.WORK)
    return handing.snooze(ticket=ticket, until=until, reason=reason, now=now, by=user, hold=hold)


def wake(*, user: User, number: int, now: datetime) -> Ticket:
    return handing.wake(ticket=access_ticket(user, number, can=May.WORK), now=now, by=user)


def put_away(*, user: User, number: int, what: str, now: datetime) -> Ticket:
    """See `trash.put_away`."""
    return trash.put_away(ticket=access_ticket(user, number, can=May.WORK), what=what, now=now, by=user)


def bring_back(*, user: User, number: int, now: datetime) -> Ticket:
    """NotFound for what is not in the trash of somebody who would see it otherwise."""
    people.check_agent(user)
    ticket = Ticket.objects.trash_of(user).filter(number=number).first()
    if ticket is None:
        raise NotFound(_("There is nothing here for you."))
    return trash.bring_back(ticket=ticket, now=now, by=user)


def empty_trash(*, user: User, now: datetime) -> int:
    """All of it, at once; managers and administrators."""
    people.check_manager(user)
    return trash.empty(before=now)
