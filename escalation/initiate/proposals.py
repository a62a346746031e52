"""The letters of criteria and rules that open at once, answered by the sweep (R9, R11): one escalation for each."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.batches import oldest_first
from common.errors import DomainError, NotAllowedNow
from common.failpoints import Point, reach
from escalation.automatic.proposing import summary_of
from escalation.enums import LIVE_STATES, CriterionMode, EscalateAs, ProposalEnd
from escalation.initiate.raising import More, raise_functional, raise_hierarchical
from escalation.models import Escalation, Proposal
from tickets.models import Ticket

logger = logging.getLogger(__name__)

BATCH = 500
TRIES = 8


def open_owed(now: datetime) -> int:
    """Open what is owed; returns how many letters were answered."""
    owed = Proposal.objects.to_open(now)
    return sum(_open(key, now) for keys in oldest_first(owed, "at", BATCH) for key in keys)


def _open(key: int, now: datetime) -> int:
    try:
        _open_one(key, now)
        reach(Point.AFTER_COMMIT)
    except DomainError as error:
        # Nobody could have opened it by hand either: people see it as a proposal, with why.
        logger.warning("The proposal %d is left to people: %s", key, error)
        Proposal.objects.filter(pk=key, ended_at=None).update(
            mode=CriterionMode.PROPOSE, why=str(error), next_word_at=now
        )
    except Exception:
        logger.exception("The escalation for the proposal %d could not be opened.", key)
        _put_off(key, now)
        return 0
    return 1


@transaction.atomic
def _open_one(key: int, now: datetime) -> None:
    number = Proposal.objects.values_list("ticket_id", flat=True).get(pk=key)
    ticket = Ticket.objects.select_for_update(of=("self",)).get(number=number)
    proposal = Proposal.objects.to_open(now).select_related("criterion", "team", "ticket").filter(pk=key).first()
    if proposal is None:
        # Another sweep was faster.
        return
    reach(Point.AFTER_CLAIM)
    if overtaken := _overtaken_by(proposal, ticket):
        proposal.ended_at, proposal.end, proposal.why = now, ProposalEnd.OVERTAKEN, overtaken
        proposal.save(update_fields=["ended_at", "end", "why"])
        return
    _raise(proposal, ticket, now)
    reach(Point.BEFORE_COMMIT)


def _overtaken_by(proposal: Proposal, ticket: Ticket) -> str:
    if ticket.is_done:
        return _("The ticket was solved meanwhile.")
    kind = proposal.escalate_as
    live = Escalation.objects.filter(ticket=ticket, kind=kind, state__in=LIVE_STATES).first()
    return _("%(ref)s was under way.") % {"ref": live.reference} if live else ""


def _raise(proposal: Proposal, ticket: Ticket, now: datetime) -> Escalation:
    """By nobody: everybody with the authority may decide it."""
    asked: dict[str, Any] = {
        "ticket": ticket,
        "by": None,
        "severity": proposal.severity,
        "reason": proposal.reason,
        "summary": summary_of(proposal),
        "now": now,
        "more": More(proposal),
    }
    if proposal.escalate_as == EscalateAs.FUNCTIONAL:
        if proposal.team is None:
            raise NotAllowedNow(_("Its team is not there any more."))
        return raise_functional(team=proposal.team, **asked)
    return raise_hierarchical(**asked)


def _put_off(key: int, now: datetime) -> None:
    """Later again, and after the last try it is for people to decide."""
    proposal = Proposal.objects.get(pk=key)
    proposal.attempts += 1
    proposal.next_try_at = now + timedelta(seconds=2**proposal.attempts)
    if proposal.attempts >= TRIES:
        proposal.mode, proposal.why = CriterionMode.PROPOSE, _("It could not be opened by itself.")
        proposal.next_word_at = now
    proposal.save(update_fields=["attempts", "next_try_at", "mode", "why", "next_word_at"])
