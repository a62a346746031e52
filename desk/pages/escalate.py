"""Escalating a ticket by hand: a page, and the same as a dialog over the ticket."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.errors import DomainError, NotAllowedNow
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, blame, desk_page, show
from desk.forms.escalate import REASONS, SEVERITIES, EscalateForm
from desk.looks.escalate import Draft, escalate_look
from escalation import services
from escalation.models import Escalation
from tickets.models import Ticket
from tickets.permissions import May, access_ticket

FORM = "desk/escalate/form.html"
HAPPENS = "desk/escalate/happens.html"
PAGE = "desk/escalate/page.html"


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def escalate(request: DeskRequest, number: int) -> HttpResponse:
    ticket = access_ticket(request.user, number, can=May.WORK)
    if request.method != "POST":
        return _answer(request, ticket, EscalateForm(initial=request.GET.dict()))
    form = EscalateForm(request.POST)
    if not form.is_valid():
        return _answer(request, ticket, form, BAD_INPUT)
    try:
        made = _escalate(request, ticket, form)
    except DomainError as error:
        blame(form, error)
        return _answer(request, ticket, form, CONFLICT if isinstance(error, NotAllowedNow) else BAD_INPUT)
    messages.success(request, _("%(ref)s is on its way.") % {"ref": made.reference})
    return redirect("desk:escalation", made.number)


def _escalate(request: DeskRequest, ticket: Ticket, form: EscalateForm) -> Escalation:
    given = dict(form.cleaned_data)
    team = given.pop("team")
    return services.escalate(user=request.user, ticket_number=ticket.number, team_slug=team, now=clock.now(), **given)


def _answer(request: DeskRequest, ticket: Ticket, form: EscalateForm, status: int = 200) -> HttpResponse:
    now = clock.now()
    draft = Draft.of(request.POST if request.method == "POST" else request.GET, ticket)
    context = {
        "ticket": ticket,
        "form": form,
        "look": escalate_look(ticket, request.user, draft, now),
        "severities": [(level, words, level == draft.severity) for level, words in SEVERITIES],
        "reasons": REASONS,
        "now": now,
    }
    fragment = HAPPENS if request.GET.get("part") == "happens" else FORM
    return show(request, fragment if request.htmx else PAGE, context, status=status)
