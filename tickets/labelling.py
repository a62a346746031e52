"""Tags put on a ticket and taken off (R60)."""

from datetime import datetime

from django.db import transaction

from people.models import User
from tickets import tagging, timeline
from tickets.actions import lock_workable
from tickets.enums import EventKind
from tickets.models import Ticket


@transaction.atomic
def add_tag(*, ticket: Ticket, name: str, now: datetime, by: User | None, by_rule: str = "") -> None:
    """A tag that it has already changes nothing, and is not told again. `by_rule`: see `timeline.of_rule`."""
    ticket = lock_workable(ticket.number)
    (tag,) = tagging.of(tagging.names([name]))
    if ticket.tags.filter(pk=tag.pk).exists():
        return
    ticket.tags.add(tag)
    timeline.record(ticket, EventKind.TAGGED, now=now, actor=by, added=tag.name, **timeline.of_rule(by_rule))


@transaction.atomic
def remove_tag(*, ticket: Ticket, name: str, now: datetime, by: User | None) -> None:
    """One that it has not changes nothing."""
    ticket = lock_workable(ticket.number)
    tag = ticket.tags.filter(name__in=[name, *tagging.names([name])]).first()
    if tag is None:
        return
    ticket.tags.remove(tag)
    timeline.record(ticket, EventKind.TAGGED, now=now, actor=by, removed=tag.name)
