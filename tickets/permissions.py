"""The one guarded way to a ticket (DESIGN §3.11)."""

from enum import Enum

from django.utils.translation import gettext as _

from common.errors import NotFound, Refused
from people.models import User
from tickets.models import Attachment, Ticket


class May(Enum):
    """What somebody wants with a ticket."""

    READ = "read"
    WRITE = "write"  # to reply as a participant: its customer or an agent
    WORK = "work"  # to assign, note, change: agents only


def access_ticket(user: User, number: int, *, can: May = May.READ) -> Ticket:
    """The ticket, or NotFound for absent and invisible alike; Refused where seeing is not enough."""
    if not user.is_authenticated or not user.is_active:
        raise NotFound(_("There is nothing here for you."))
    ticket = Ticket.objects.visible_to(user).with_people().filter(number=number).first()
    if ticket is None:
        raise NotFound(_("There is nothing here for you."))
    if can is May.WORK and not user.is_agent:
        raise Refused(_("Only agents may do this."))
    return ticket


def access_attachment(user: User, pk: int) -> Attachment:
    """The attachment, if its message may be seen."""
    attachment = Attachment.objects.select_related("message").filter(pk=pk).first()
    if attachment is None:
        raise NotFound(_("There is nothing here for you."))
    access_ticket(user, attachment.message.ticket_id)
    if not attachment.message.is_public and not user.is_agent:
        raise NotFound(_("There is nothing here for you."))
    return attachment
