"""What a criterion or a rule proposes, and how that ends: it is accepted, dismissed, or overtaken (R9, R11)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import NotAllowedNow
from common.text import many_lines
from escalation.enums import ProposalEnd
from escalation.models import Escalation, Proposal
from people.models import User
from tickets import actions as tickets
from tickets.models import Ticket
from tickets.timeline import line, record_many


def claim(proposal: Proposal | None, ticket: Ticket) -> None:
    """It is about this ticket and nobody has ended it; the caller holds the ticket's lock."""
    if proposal is None:
        return
    found = Proposal.objects.select_related("by").filter(pk=proposal.pk, ticket=ticket).first()
    if found is None:
        raise NotAllowedNow(_("This proposal is about another ticket."))
    _check_open(found)


def become(escalation: Escalation, by: User | None, now: datetime) -> None:
    """What it proposed is there, under the ticket's lock; what would open, or proposes, the same is overtaken."""
    if escalation.proposal_id is None:
        return
    end = ProposalEnd.ACCEPTED if by else ProposalEnd.OPENED
    proposals = Proposal.objects.filter(ticket=escalation.ticket_id, ended_at=None)
    proposals.filter(pk=escalation.proposal_id).update(ended_at=now, end=end, by=by)
    why = _("%(ref)s was opened.") % {"ref": escalation.reference}
    same = proposals.filter(escalate_as=escalation.kind)
    same.update(ended_at=now, end=ProposalEnd.OVERTAKEN, why=why)


@transaction.atomic
def dismiss(*, pk: int, by: User, why: str, now: datetime) -> Proposal:
    """Not this time; the reason stays, and the criterion or the rule says nothing of this ticket again."""
    why = many_lines(why, field="reason", limit=2000)
    ticket = tickets.lock_workable(Proposal.objects.values_list("ticket_id", flat=True).get(pk=pk))
    proposal = Proposal.objects.with_all().get(pk=pk)
    _check_open(proposal)
    proposal.ended_at, proposal.end, proposal.by, proposal.why = now, ProposalEnd.DISMISSED, by, why
    proposal.save(update_fields=["ended_at", "end", "by", "why"])
    said = {"criterion": proposal.source, "reason": why[:300]}
    record_many([line(ticket.number, "escalation.proposal_dismissed", now=now, actor=by, **said)])
    return proposal


def prefilled(proposal: Proposal) -> dict[str, Any]:
    """What the dialog begins with for whoever accepts it."""
    return {
        "proposal": proposal.pk,
        "kind": proposal.escalate_as,
        "team": proposal.team.slug if proposal.team else "",
        "severity": proposal.severity,
        "reason": proposal.reason,
        "summary": summary_of(proposal),
    }


def summary_of(proposal: Proposal) -> str:
    """What lists and alerts show of an escalation that comes of it: the matter, as of one that a clock has opened."""
    return proposal.ticket.subject[:300]


def _check_open(proposal: Proposal) -> None:
    if proposal.ended_at is None:
        return
    known = {"end": proposal.get_end_display().lower(), "name": proposal.by.name if proposal.by else ""}
    if proposal.by:
        raise NotAllowedNow(_("%(name)s has decided on this proposal already: %(end)s.") % known)
    raise NotAllowedNow(_("This proposal is at its end: %(end)s.") % known)
