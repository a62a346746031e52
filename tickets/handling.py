"""The front doors' way to what is done with whole tickets: permission first, then the action."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from common.errors import NotAllowedNow, NotFound, Refused
from people import permissions as people
from people.models import Team, User
from tickets import fields, linking, merging, splitting
from tickets.enums import EventKind
from tickets.models import Event, Link, Merge, Ticket
from tickets.permissions import May, access_ticket


def merge(*, user: User, source: int, target: int, now: datetime) -> Merge:
    """Put one ticket into another; those of two customers only a manager may put together.

    Raises NotAllowedNow with one sentence where it makes no sense.
    """
    goes = access_ticket(user, source, can=May.WORK)
    into = access_ticket(user, target, can=May.WORK)
    if goes.requester_id != into.requester_id and not user.is_manager:
        raise Refused(
            _("#%(source)d is %(one)s’s and #%(target)d is %(other)s’s: only a manager may merge them.")
            % {"source": source, "one": goes.requester.name, "target": target, "other": into.requester.name}
        )
    return merging.merge(source=goes, target=into, now=now, by=user)


def unmerge(*, user: User, merge: int, now: datetime) -> Merge:
    """Take a merge apart again. NotFound for whoever may not see both tickets."""
    made = Merge.objects.filter(pk=merge).first()
    if made is None:
        raise NotFound(_("There is nothing here for you."))
    access_ticket(user, made.source_id, can=May.WORK)
    access_ticket(user, made.target_id, can=May.WORK)
    return merging.unmerge(merge=made, now=now, by=user)


def take_out(*, user: User, number: int, now: datetime) -> Ticket:
    """Take a merged ticket out of the one that it went into; NotAllowedNow where it went into none."""
    ticket = access_ticket(user, number, can=May.WORK)
    made = Merge.objects.filter(source=ticket, undone_at=None).first()
    if made is None:
        raise NotAllowedNow(_("#%(number)d is not merged into another one.") % {"number": number})
    unmerge(user=user, merge=made.pk, now=now)
    return ticket


def split(*, user: User, number: int, message: int, subject: str, now: datetime, team: Team | None = None) -> Ticket:
    """See `splitting.split`."""
    ticket = access_ticket(user, number, can=May.WORK)
    return splitting.split(ticket=ticket, message=message, subject=subject, now=now, by=user, team=team)


def link(*, user: User, number: int, other: int, relation: str, now: datetime, back: bool = False) -> Link:
    """`number` stands in the relation to `other`; with `back`, the other way round."""
    source = access_ticket(user, number, can=May.WORK)
    target = access_ticket(user, other, can=May.WORK)
    if back:
        source, target = target, source
    return linking.link(source=source, target=target, relation=relation, now=now, by=user)


def unlink(*, user: User, link: int, now: datetime, here: int | None = None) -> Event:
    """Take a relation away; the line that tells of it on the ticket `here`, else on its source.

    NotFound for whoever may not see both tickets.
    """
    found = Link.objects.filter(pk=link).first()
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    access_ticket(user, found.source_id, can=May.WORK)
    access_ticket(user, found.target_id, can=May.WORK)
    on_source, on_target = linking.unlink(link=found, now=now, by=user)
    return on_target if found.target_id == here else on_source


def relink(*, user: User, removal: int, now: datetime) -> Event:
    """Undo what this line of a timeline tells; the line that tells of that.

    NotFound for whoever would not see both tickets, were they not put away.
    """
    people.check_agent(user)
    told = Event.objects.filter(pk=removal, kind=EventKind.LINKED, data__has_key="made_at").first()
    ends = {told.ticket_id, told.data["number"]} if told else set()
    if told is None or Ticket.objects.in_sight_of(user).filter(number__in=ends).count() < len(ends):
        raise NotFound(_("There is nothing here for you."))
    return linking.relink(removal=told, now=now, by=user)


def set_kind(*, user: User, number: int, kind: str, now: datetime) -> Ticket:
    ticket = access_ticket(user, number, can=May.WORK)
    return fields.set_kind(ticket=ticket, kind=kind, now=now, by=user)


def set_fields(*, user: User, number: int, values: Mapping[str, Any], now: datetime) -> Ticket:
    """See `fields.set_fields`."""
    ticket = access_ticket(user, number, can=May.WORK)
    return fields.set_fields(ticket=ticket, values=values, now=now, by=user)
