"""The problem behind an escalation, opened from it in one go (R20, R51)."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow
from common.text import many_lines
from escalation import permissions as may
from escalation.actions import lock_escalation
from escalation.enums import LIVE_STATES, State
from escalation.initiate.servicing import hand_down
from escalation.models import Escalation
from escalation.recording import record_step
from people.models import User
from tickets import actions as tickets
from tickets import linking
from tickets.enums import Kind, Relation
from tickets.models import Ticket


def problems_of(escalation: Escalation, user: User) -> "QuerySet[Ticket]":
    """The problem records that its ticket is caused by, as far as this person may see them."""
    seen = Ticket.objects.visible_to(user).filter(kind=Kind.PROBLEM, merged_into=None)
    caused = seen.filter(links_in__source=escalation.ticket_id, links_in__relation=Relation.CAUSED_BY)
    return caused.select_related("assignee", "team").order_by("number")


@transaction.atomic
def open_problem(
    *, user: User, number: int, subject: str, now: datetime, owner: str = "", findings: str = ""
) -> Ticket:
    """A problem record with an owner and what is known so far; the escalation's ticket is caused by it."""
    may.access_to_work(user, number)
    escalation = lock_escalation(number)
    if escalation.state not in (*LIVE_STATES, State.CLOSED):
        raise NotAllowedNow(_("%(ref)s led to nothing that could have a cause.") % {"ref": escalation.reference})
    assignee = _owner(owner)
    team = escalation.team or escalation.ticket.team
    body = _("Opened from %(ref)s: %(summary)s") % {"ref": escalation.reference, "summary": escalation.summary}
    problem = tickets.open_ticket(
        subject=subject, body=body, requester=user, now=now, kind=Kind.PROBLEM, team=team, opened_by=user
    )
    linking.link(source=escalation.ticket, target=problem, relation=Relation.CAUSED_BY, now=now, by=user)
    if assignee is not None:
        problem = tickets.assign(ticket=problem, now=now, by=user, team=team, assignee=assignee)
    if findings.strip():
        tickets.note(ticket=problem, author=user, body=many_lines(findings, field="findings"), now=now)
    hand_down(escalation)
    record_step(escalation, "problem_opened", by=user, now=now, number=problem.number)
    return problem


def _owner(email: str) -> User | None:
    if not email:
        return None
    owner = User.objects.active().staff().at_address(email).first()
    if owner is None:
        raise InvalidInput.of("owner", _("Nobody at the desk has the address “%(email)s”.") % {"email": email[:80]})
    return owner
