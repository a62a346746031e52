"""Escalating a ticket by hand: a page, and the same as a dialog over the ticket."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.errors import DomainError, InvalidInput, NotAllowedNow
from common.numbers import whole
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, blame, blame_both, desk_page, show
from desk.forms.escalate import REASONS, SEVERITIES, EscalateForm
from desk.forms.fields import PREFIX, RaisersFieldsForm
from desk.looks.escalations.escalate import Draft, escalate_look
from desk.looks.escalations.hand_offs import evidence_offered, sent_again
from desk.looks.escalations.room import room_url
from escalation import services
from escalation.automatic.proposing import prefilled
from escalation.models import Escalation, Proposal
from escalation.services.criteria import access_proposal
from tickets.models import Ticket
from tickets.permissions import May, access_ticket

FORM = "desk/escalate/form.html"
HAPPENS = "desk/escalate/happens.html"
PAGE = "desk/escalate/page.html"


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def escalate(request: DeskRequest, number: int) -> HttpResponse:
    ticket = access_ticket(request.user, number, can=May.WORK)
    offered = evidence_offered(ticket)
    if request.method != "POST":
        before = sent_again(ticket, request.GET.get("again", "")) or _proposed(_proposal(request, ticket))
        initial = {**before, **request.GET.dict()}
        return _answer(request, ticket, EscalateForm(initial=initial, offered=offered), _begun_with(initial))
    form, own = EscalateForm(request.POST, offered=offered), RaisersFieldsForm(request.POST)
    if not (form.is_valid() and own.is_valid()):
        return _answer(request, ticket, form, own, BAD_INPUT)
    try:
        made = _escalate(request, ticket, form, own)
    except InvalidInput as error:
        blame_both(form, own, error)
        return _answer(request, ticket, form, own, BAD_INPUT)
    except DomainError as error:
        blame(form, error)
        return _answer(request, ticket, form, own, CONFLICT if isinstance(error, NotAllowedNow) else BAD_INPUT)
    return redirect(_after(request, made))


def _asked(request: DeskRequest, initial: Mapping[str, Any]) -> QueryDict:
    """What was filled in, or what the form begins with: the address, over what came back or is proposed."""
    if request.method == "POST":
        return request.POST
    asked = request.GET.copy()
    for name in ("kind", "team", "severity", "wanted_by"):
        asked.setdefault(name, str(initial.get(name, "")))
    return asked


def _after(request: DeskRequest, made: Escalation) -> str:
    """The room; of a ticket that went to a restricted team its sender may see nothing any more, and is told so."""
    if Escalation.objects.visible_to(request.user).filter(pk=made.pk).exists():
        messages.success(request, _("%(ref)s is on its way.") % {"ref": made.reference})
        return room_url(made.number)
    known = {"ref": made.reference, "number": made.ticket_id, "team": made.team}
    said = _("%(ref)s is on its way. #%(number)d is with %(team)s now, and only its people see it.")
    hears = _("You hear of it when they accept it or return it.")
    messages.success(request, f"{said % known} {hears}")
    return reverse("desk:inbox")


def _escalate(request: DeskRequest, ticket: Ticket, form: EscalateForm, own: RaisersFieldsForm) -> Escalation:
    given = {**form.cleaned_data, "fields": own.values}
    team = given.pop("team")
    return services.escalate(user=request.user, ticket_number=ticket.number, team_slug=team, now=clock.now(), **given)


def _begun_with(initial: Mapping[str, Any]) -> RaisersFieldsForm:
    own = {name: value for name, value in initial.items() if name.startswith(PREFIX)}
    return RaisersFieldsForm(values={name.removeprefix(PREFIX): value for name, value in own.items()})


def _proposal(request: DeskRequest, ticket: Ticket) -> Proposal | None:
    """What a criterion proposes, where this accepts it; one that is at its end is refused when it is sent."""
    key = whole((request.POST if request.method == "POST" else request.GET).get("proposal", ""))
    if key is None:
        return None
    proposal = access_proposal(request.user, key)
    return proposal if proposal.ticket_id == ticket.number else None


def _proposed(proposal: Proposal | None) -> dict[str, Any]:
    return prefilled(proposal) if proposal else {}


def _answer(
    request: DeskRequest, ticket: Ticket, form: EscalateForm, own: RaisersFieldsForm, status: int = 200
) -> HttpResponse:
    now = clock.now()
    proposal = _proposal(request, ticket)
    draft = Draft.of(_asked(request, form.initial), ticket)
    context = {
        "ticket": ticket,
        "form": form,
        "own": own,
        "proposal": proposal,
        "look": escalate_look(ticket, request.user, draft, now),
        "severities": [(level, words, level == draft.severity) for level, words in SEVERITIES],
        "reasons": REASONS,
        "came_back": form.initial.get("came_back"),
        "now": now,
    }
    fragment = HAPPENS if request.GET.get("part") == "happens" else FORM
    return show(request, fragment if request.htmx else PAGE, context, status=status)
