"""What a ticket wants next, in words that begin with a verb: one table, the first line that holds decides."""

from collections.abc import Callable
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.languages import in_each_language
from escalation.enums import State
from tickets.enums import Status
from tickets.models import Ticket


class NextStep(NamedTuple):
    icon: str
    words: str


class _Line(NamedTuple):
    holds: Callable[[Ticket, str], bool]
    icon: str
    words: Promise


def is_unread(ticket: Ticket) -> bool:
    """The customer has spoken last."""
    return ticket.owes_answer


_LINES = (
    _Line(lambda _ticket, status: status == Status.CLOSED, "check", _("Nothing, it is closed")),
    _Line(lambda _ticket, status: status == Status.SOLVED, "check", _("Nothing, it is solved")),
    _Line(lambda _ticket, status: status == Status.WAITING, "hourglass", _("Wait for the customer")),
    _Line(lambda ticket, _status: ticket.last_agent_reply_at is None, "message-2", _("First reply")),
    _Line(lambda ticket, _status: is_unread(ticket), "message-2", _("Reply to customer")),
    _Line(lambda ticket, _status: ticket.escalation_state == State.INITIATED, "user-check", _("Acknowledge")),
    _Line(lambda ticket, _status: ticket.escalation_state == State.COMMUNICATING, "send", _("Inform everybody")),
    _Line(lambda ticket, _status: ticket.escalation_state == State.RESOLVING, "checklist", _("Carry out the plan")),
    _Line(lambda ticket, _status: ticket.escalation_state == State.RESOLVED, "circle-check", _("Close the escalation")),
    _Line(lambda ticket, _status: ticket.escalation_state == State.REQUESTED, "gavel", _("Await the decision")),
    _Line(lambda _ticket, status: status == Status.ON_HOLD, "clock-hour-4", _("Ask the third party")),
    _Line(lambda ticket, _status: ticket.assignee_id is None, "user-plus", _("Take it")),
    _Line(lambda _ticket, _status: True, "circle-check", _("Solve it")),
)


def next_step(ticket: Ticket) -> NextStep:
    status = ticket.status
    return _said(next(at for at, line in enumerate(_LINES) if line.holds(ticket, status)))


@in_each_language
def _said(at: int) -> NextStep:
    return NextStep(_LINES[at].icon, str(_LINES[at].words))
