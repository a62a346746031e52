"""The one guarded way to a ticket (DESIGN §3.11)."""

from enum import Enum

from django.db.models import Q
from django.utils.translation import gettext as _

from common.errors import NotFound, Refused
from common.questions import Question
from people.enums import MANAGING_ROLES
from people.models import User
from people.querysets import UserQuerySet
from tickets.models import Attachment, Message, Ticket
from tickets.querysets import TicketQuerySet


class May(Enum):
    """What somebody wants with a ticket."""

    READ = "read"
    WRITE = "write"  # to reply as a participant: its customer, who answers for his organisation, or an agent
    WORK = "work"  # to assign, note, change: agents only


def access_ticket(user: User, number: int, *, can: May = May.READ) -> Ticket:
    """The ticket, or NotFound for absent and invisible alike; Refused where seeing is not enough."""
    if not user.is_authenticated or not user.is_active:
        raise NotFound(_("There is nothing here for you."))
    ticket = _in_sight.row(number, user.pk, role=user.role)
    if ticket is None:
        raise NotFound(_("There is nothing here for you."))
    if can is May.WORK and not user.is_agent:
        raise Refused(_("Only agents may do this."))
    if can is May.WRITE and not may_write(user, ticket):
        raise Refused(_("You may read the requests of your organisation, and answer on your own."))
    return ticket


def may_write(user: User, ticket: Ticket) -> bool:
    """Of a ticket that he sees. Asks the database about customers on others' tickets only."""
    if user.is_agent or ticket.requester_id == user.pk:
        return True
    return Ticket.objects.writable_by(user).filter(pk=ticket.pk).exists()


@Question
def _in_sight(number: int, reader: int, *, role: str) -> TicketQuerySet:
    """With its people. Who somebody is says by his role alone what he is asked for."""
    return Ticket.objects.visible_to(User(pk=reader, role=role)).with_people().filter(number=number)


def who_see(ticket: Ticket) -> UserQuerySet:
    """Everybody at the desk who may see the ticket: `TicketQuerySet.in_sight_of`, asked from the other side."""
    staff = User.objects.active().staff()
    if not is_restricted(ticket):
        return staff
    inside = Q(teams=ticket.team) | Q(leads=ticket.team) | Q(manages=ticket.team) | Q(pk=ticket.assignee_id)
    return staff.filter(inside | Q(role__in=MANAGING_ROLES)).distinct()


def is_restricted(ticket: Ticket) -> bool:
    """Whether some who work at the desk do not see it (R31)."""
    return ticket.team is not None and ticket.team.restricted


def access_destination(user: User, ticket: Ticket) -> Ticket:
    """Where a word on this ticket goes: into the ticket that it was merged into, if this person may see that."""
    while ticket.merged_into_id is not None:
        ticket = access_ticket(user, ticket.merged_into_id, can=May.WRITE)
    return ticket


def access_attachment(user: User, pk: int) -> Attachment:
    """The attachment, if its message may be seen; a customer keeps what he sent before his ticket was merged."""
    attachment = Attachment.objects.select_related("message__ticket").filter(pk=pk).first()
    if attachment is None:
        raise NotFound(_("There is nothing here for you."))
    if _is_his_own(user, attachment.message):
        return attachment
    access_ticket(user, attachment.message.ticket_id)
    if not attachment.message.is_public and not user.is_agent:
        raise NotFound(_("There is nothing here for you."))
    return attachment


def _is_his_own(user: User, message: Message) -> bool:
    is_author = user.is_active and message.by_customer and message.author_id == user.pk
    return is_author and message.ticket.trashed_at is None
