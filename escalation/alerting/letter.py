"""The frame of every letter about an escalation: what, who waits, and the two links."""

from datetime import datetime
from typing import NamedTuple

from django.utils.timezone import get_current_timezone_name, localtime

from common.dates import said
from common.languages import in_each_language
from common.languages import phrase as _
from escalation.enums import State
from escalation.models import Escalation
from notifications.letters import Letter


def clock_time(at: datetime) -> str:
    """A clock time in the reader's zone, with the day, so that a mail read tomorrow still says when."""
    return _to_the_minute(at.replace(second=0, microsecond=0), get_current_timezone_name())


@in_each_language
def _to_the_minute(at: datetime, zone: str) -> str:
    return said(localtime(at), "D d M, H:i")


class _Frame(NamedTuple):
    stage: str
    what: str
    who_waits: str
    action: str


@in_each_language
def _frame(state: str) -> _Frame:
    return _Frame(str(State(state).label), _("What"), _("Who waits"), _("Open %(ref)s to acknowledge"))


def _asked_by_rule(escalation: Escalation) -> str:
    """Where nobody asks: the criterion that was met, or the rule that fired."""
    return escalation.proposal.source if escalation.proposal else ""


def what_was_met(escalation: Escalation) -> tuple[str, str]:
    """What a criterion or a rule has found on the ticket; without words where a person has asked."""
    proposal = escalation.proposal
    return _("What was met"), f"{proposal.source}: {proposal.words}" if proposal else ""


def letter(
    escalation: Escalation,
    kind: str,
    title: str,
    *,
    why: str = "",
    facts: tuple[tuple[str, str], ...] = (),
    action: str = "",
    path: str = "",
    **words: str,
) -> Letter:
    """`words` are what the title names beside the escalation's own."""
    ticket = escalation.ticket
    requester = escalation.requester.name if escalation.requester else _asked_by_rule(escalation)
    frame = _frame(escalation.state)
    known = {
        "ref": escalation.reference,
        "summary": escalation.summary,
        "number": ticket.number,
        "name": requester,
        **words,
    }
    return Letter(
        kind=kind,
        title=title % known,
        body=ticket.subject,
        path=path or f"/escalations/{escalation.number}/",
        why=why,
        facts=((frame.what, ticket.subject), (frame.who_waits, ticket.customer_name), *facts),
        action=action or frame.action % {"ref": escalation.reference},
        severity=escalation.severity,
        stage=frame.stage,
        reference=escalation.reference,
        ticket_number=ticket.number,
        escalation_number=escalation.number,
    )
