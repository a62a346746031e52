"""What is refused of a ticket or for one before anything is stored, in sentences."""

from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow
from tickets.enums import Priority
from tickets.models import Ticket


def check_open(ticket: Ticket) -> None:
    """Raises NotAllowedNow on a ticket that is done: a reply would reach the customer as if nothing had ended."""
    if ticket.is_done:
        raise NotAllowedNow(
            _("This ticket is %(status)s: reopen it to reply.") % {"status": ticket.get_status_display()}
        )


def check_priority(priority: str) -> None:
    """Raises InvalidInput where there is no such priority."""
    if priority not in Priority.values:
        raise InvalidInput.of(
            "priority",
            _("There is no priority “%(given)s”; there are %(known)s.")
            % {"given": priority[:40], "known": ", ".join(Priority.values)},
        )
