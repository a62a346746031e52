"""Decisions: the list of those that wait, and the room in which one is made."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.errors import DomainError, InvalidInput, NotAllowedNow
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, blame, desk_page, show, status_of
from desk.forms.decision import DecisionForm, PassOnForm
from desk.looks.escalations.decisions import decision_look, waiting
from escalation import services
from escalation.close import causes
from escalation.enums import State
from escalation.hierarchical.authorities import authorities_of
from escalation.models import Escalation
from escalation.permissions import access_escalation, check, may_decide

LISTS = {True: "desk/decisions/list.html", False: "desk/decisions/page.html"}


@require_safe
@desk_page
def decisions(request: DeskRequest) -> HttpResponse:
    now = clock.now()
    mine, others = waiting(request.user, now)
    return show(request, LISTS[bool(request.htmx)], {"mine": mine, "others": others, "now": now})


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def decision(request: DeskRequest, number: int) -> HttpResponse:
    """A decided one is found in its room, where the decision stands."""
    escalation = access_escalation(request.user, number)
    if request.method != "POST":
        if escalation.state != State.REQUESTED:
            return redirect("desk:escalation", number)
        return _answer(request, escalation, _form())
    form = _form(request.POST)
    if not form.is_valid():
        return _answer(request, escalation, form, status=BAD_INPUT)
    try:
        services.decide(user=request.user, number=number, now=clock.now(), **form.as_asked())
    except DomainError as error:
        return _refused(request, number, form, error)
    messages.success(request, _("Decided; whoever asked is told at once."))
    return redirect("desk:escalation", number)


@require_POST
@desk_page
def pass_on(request: DeskRequest, number: int) -> HttpResponse:
    """To another who may; the note says why."""
    escalation = access_escalation(request.user, number)
    check(may_decide(request.user, escalation), _("Only a manager may decide this."))
    form = PassOnForm(authorities_of(escalation, clock.now()), request.POST)
    if not form.is_valid():
        return _answer(request, escalation, _form(), passing=form, status=BAD_INPUT)
    try:
        services.pass_on(user=request.user, number=number, now=clock.now(), **form.cleaned_data)
    except DomainError as error:
        blame(form, error)
        status = CONFLICT if isinstance(error, NotAllowedNow) else status_of(error)
        return _answer(request, escalation, _form(), passing=form, status=status)
    messages.success(request, _("Passed on; who is asked now is told at once."))
    return redirect("desk:decisions")


def _form(given: Any = None) -> DecisionForm:
    return DecisionForm(causes.choices(), given)


def _refused(request: DeskRequest, number: int, form: DecisionForm, error: DomainError) -> HttpResponse:
    if isinstance(error, InvalidInput) and "note" in error.errors:
        field = form.NOTES.get(form.cleaned_data["decision"], "decision")
        error = InvalidInput({field: error.errors["note"]})
    blame(form, error)
    status = CONFLICT if isinstance(error, NotAllowedNow) else status_of(error)
    return _answer(request, access_escalation(request.user, number), form, status=status)


def _answer(
    request: DeskRequest,
    escalation: Escalation,
    form: DecisionForm,
    *,
    passing: PassOnForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    look = decision_look(escalation, request.user, now)
    context = {
        "escalation": escalation,
        "look": look,
        "form": form,
        "passing": passing or PassOnForm(look.others),
        "typed": form.written(),
        "chosen": form.data.get("decision", "") if form.is_bound else "",
        "now": now,
    }
    return show(request, "desk/decisions/decision.html", context, status=status)
