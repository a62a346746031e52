"""“Escalate this request” (R8): a manager is asked, by name, and answers by a time that stands on the page."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.errors import DomainError, InvalidInput
from desk.answers import BAD_INPUT, CONFLICT, blame, show
from desk.portal.facts import facts_of
from desk.portal.forms import EscalateForm, severity_for
from desk.portal.guard import CustomerRequest, customer_page
from desk.portal.standing import Standing, may_escalate, standing_of
from desk.portal.typed import take
from escalation import services
from escalation.enums import Kind
from escalation.hierarchical.authorities import authorities
from escalation.hierarchical.deciding import DECISION_WITHIN
from escalation.initiate.eligibility import is_before_a_manager, why_not
from people.models import User
from tickets.models import Ticket
from tickets.permissions import access_ticket


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def escalate(request: CustomerRequest, number: int) -> HttpResponse:
    """Who is asked and by when he answers is said before the button is pressed."""
    ticket = access_ticket(request.user, number)
    standing = standing_of(facts_of([ticket])[0], clock.now())
    if not may_escalate(standing):
        return _not_now(request, ticket)
    if refused := refusal(request.user, standing, clock.now()):
        return _not_now(request, ticket, refused)
    form = EscalateForm(request.POST or None, initial=take(request, request.user) if request.method == "GET" else {})
    if not form.is_valid():
        return _form(request, ticket, form)
    try:
        services.escalate(
            user=request.user,
            ticket_number=number,
            kind=Kind.HIERARCHICAL,
            severity=severity_for(ticket.priority),
            **form.cleaned_data,
            now=clock.now(),
        )
    except InvalidInput as error:
        blame(form, error)
        return _form(request, ticket, form)
    except DomainError:
        # Why not is said between colleagues, in words and numbers that are theirs.
        return _not_now(request, ticket, typed=form.cleaned_data["summary"])
    messages.success(request, _("A manager has been asked."))
    return redirect("portal:request", number)


def refusal(user: User, standing: Standing, now: datetime) -> str:
    """Why it is not offered on a request that is open, in one sentence; empty where it is."""
    if refused := why_not(user, standing.ticket, now):
        return refused
    if standing.is_escalated and is_before_a_manager(standing.ticket):
        return _("A manager has this at hand already. What you write on the request is read there.")
    return ""


def _form(request: CustomerRequest, ticket: Ticket, form: EscalateForm) -> HttpResponse:
    now = clock.now()
    able = authorities(request.user, ticket.team, None, now)
    context = {
        "ticket": ticket,
        "form": form,
        "decider": able[0].person if able else None,
        "answer_by": now + DECISION_WITHIN,
        "portal_active": "request",
    }
    return show(request, "portal/escalate.html", context, status=BAD_INPUT if form.is_bound else 200)


def _not_now(request: CustomerRequest, ticket: Ticket, why: str = "", typed: str = "") -> HttpResponse:
    """`why` is a sentence for customers; `typed` is given back."""
    typed = typed or request.POST.get("summary", "")
    context = {"ticket": ticket, "why": why, "typed": typed, "portal_active": "request"}
    return show(request, "portal/not_now.html", context, status=CONFLICT)
