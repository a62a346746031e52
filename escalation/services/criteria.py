"""The front doors' way to criteria and proposals: the permission, then the action."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from common.errors import NotFound
from common.questions import one_of
from escalation import permissions as may
from escalation.automatic import defining, proposing
from escalation.models import Criterion, Proposal
from people.models import User
from tickets.permissions import May, access_ticket


def access_criterion(user: User, pk: int) -> Criterion:
    """What an escalation manager or an administrator sets up; to everybody else it is not there."""
    found = Criterion.objects.select_related("team").filter(pk=pk).first() if user.sets_rules else None
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    return found


def define_criterion(*, user: User, **terms: Any) -> Criterion:
    may.check(user.sets_rules, _("Only an escalation manager may do this."))
    return defining.define_criterion(by=user, **_terms(terms))


def redefine_criterion(*, user: User, pk: int, **terms: Any) -> Criterion:
    criterion = access_criterion(user, pk)
    if "escalate_as" in terms or "team_slug" in terms:
        terms.setdefault("escalate_as", criterion.escalate_as)
        terms.setdefault("team_slug", criterion.team.slug if criterion.team else "")
    return defining.redefine_criterion(pk=pk, by=user, **_terms(terms))


def access_proposal(user: User, pk: int) -> Proposal:
    """Of a ticket that one may see; absent and invisible alike are not there."""
    found = one_of(Proposal.objects.visible_to(user).with_all().filter(pk=pk))
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    return found


def dismiss(*, user: User, pk: int, reason: str, now: datetime) -> Proposal:
    proposal = access_proposal(user, pk)
    access_ticket(user, proposal.ticket_id, can=May.WORK)
    return proposing.dismiss(pk=pk, by=user, why=reason, now=now)


def _terms(given: dict[str, Any]) -> dict[str, Any]:
    """The team by its short name."""
    slug = given.pop("team_slug", None)
    if slug is None:
        return given
    return {**given, "team": defining.team_for(given.get("escalate_as", ""), slug)}
