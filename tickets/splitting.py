"""A message that is another matter becomes a ticket of its own."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.configuration import SetUp
from common.errors import InvalidInput, NotAllowedNow
from common.text import one_line
from people.models import Team, User
from tickets import arriving, indexing, ownership, tagging, timeline
from tickets.actions import lock_workable
from tickets.enums import EventKind, Relation
from tickets.models import Link, Message, Ticket
from tickets.rereading import refresh_words
from tickets.routing import Turns


@transaction.atomic
def split(
    *, ticket: Ticket, message: int, subject: str, now: datetime, by: User | None, team: Team | None = None
) -> Ticket:
    """Make a ticket of one message: its promises begin now, the rules place it unless a team is given.

    Raises InvalidInput for a message that cannot begin a ticket, NotAllowedNow for the only one.
    """
    subject = one_line(subject, field="subject")
    ticket = lock_workable(ticket.number)
    first = _checked(ticket, message)
    author = first.author if first.by_customer and first.author else ticket.requester
    made = Ticket(
        subject=subject,
        priority=ticket.priority,
        channel=first.channel,
        requester=author,
        organisation=author.organisation,
        team=team,
        kind=ticket.kind,
        created_at=now,
        updated_at=now,
    )
    routed = arriving.place(made, first.body, tags=(), set_up=SetUp(), people=Turns(now))
    made.save()
    made.tags.add(*tagging.of(arriving.with_tags((), routed)))
    # The word of a second customer was internal beside the first one's.
    first.ticket, first.is_public = made, True
    first.save(update_fields=["ticket", "is_public"])
    refresh_words(made, now)
    refresh_words(ticket, now)
    ownership.begin(made, now=now)
    indexing.rebuild([made.number, ticket.number])
    Link.objects.create(source=made, target=ticket, relation=Relation.SPLIT_FROM, made_by=by, made_at=now)
    arriving.record(made, routed, now=now, actor=by)
    timeline.record(made, EventKind.SPLIT, now=now, actor=by, number=ticket.number, side="in")
    timeline.record(ticket, EventKind.SPLIT, now=now, actor=by, number=made.number, side="out")
    return made


def _checked(ticket: Ticket, message: int) -> Message:
    first = ticket.messages.select_related("author").filter(pk=message).first()
    if first is None:
        raise InvalidInput.of("message", _("Choose a message of this ticket."))
    if not first.is_public and not first.by_customer:
        raise InvalidInput.of("message", _("An internal note cannot begin a ticket: its customer would see nothing."))
    rest = ticket.messages.public().exclude(pk=first.pk)
    if not rest.exists():
        raise NotAllowedNow(_("It is the only message: nothing would be left of #%(number)d.") % {"number": ticket.pk})
    return first
