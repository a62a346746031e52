"""What is said to whoever is given something urgent that was nobody's (R12)."""

from django.utils.translation import ngettext

from common.languages import phrase as _
from notifications.enums import AlertKind
from notifications.letters import Letter
from people.models import User
from tickets.models import Ticket


def yours(ticket: Ticket, minutes: int, person: User) -> Letter:
    why = ngettext(
        "It was urgent and nobody's for %(n)d minute; you are on duty, or lead the team.",
        "It was urgent and nobody's for %(n)d minutes; you are on duty, or lead the team.",
        minutes,
    )
    return Letter(
        kind=AlertKind.HANDED,
        title=_("#%(number)s is urgent, and yours: %(subject)s") % {"number": ticket.number, "subject": ticket.subject},
        body=ticket.subject,
        path=f"/tickets/{ticket.number}/",
        why=why % {"n": minutes},
        facts=((_("What"), ticket.subject), (_("Who waits"), ticket.customer_name)),
        action=_("Open #%(number)d") % {"number": ticket.number},
        ticket_number=ticket.number,
    )
