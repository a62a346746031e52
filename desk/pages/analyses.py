"""The root cause analysis of one escalation: the internal one, and the customers' documents below it (R50–R54)."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from common import clock
from common.errors import DomainError, NotFound
from desk.answers import BAD_INPUT, DeskRequest, blame, desk_page, show
from desk.forms.resolving import (
    ComposeForm,
    DocumentForm,
    FinishForm,
    actions_form,
    analysis_form,
    people_of,
)
from desk.forms.room import NothingForm
from desk.pages.room import refusal_status
from escalation.close.analyses import analysis_of
from escalation.close.preventing import to_prevent
from escalation.enums import Duty
from escalation.holders import holds
from escalation.models import Analysis, Escalation
from escalation.parties.customers import customers_of
from escalation.permissions import access_escalation, works_on
from escalation.services import resolving as services

MOST_CUSTOMERS = 50

DEEDS: dict[str, tuple[type[Any], Callable[..., Any], Any]] = {
    "compose": (ComposeForm, services.compose_analysis, gettext_lazy("The document is composed.")),
    "check": (DocumentForm, services.check_analysis, gettext_lazy("The document is checked.")),
    "send": (DocumentForm, services.send_analysis, gettext_lazy("The document is on its way.")),
    "prevent": (NothingForm, services.prevent, gettext_lazy("The tasks are with their owners.")),
    "action": (FinishForm, services.finish_action, None),
}


@require_safe
@desk_page
def analysis(request: DeskRequest, number: int) -> HttpResponse:
    escalation, found = _access(request, number)
    return _page(request, escalation, found)


@require_POST
@desk_page
def write(request: DeskRequest, number: int) -> HttpResponse:
    """Save what is known so far, and submit it if that was pressed; what is wrong is said and nothing is lost."""
    escalation, found = _access(request, number)
    form, actions = analysis_form(found, request.POST), actions_form(found, people_of(escalation), request.POST)
    if not (form.is_valid() and actions.is_valid()):
        return _page(request, escalation, found, form=form, actions=actions, status=BAD_INPUT)
    lines = [dict(line.cleaned_data) for line in actions.forms if line.cleaned_data.get("title")]
    try:
        services.write_analysis(user=request.user, number=number, now=clock.now(), actions=lines, **form.given())
    except DomainError as error:
        blame(form, error)
        status, refused = refusal_status(error), str(error)
        return _page(request, escalation, found, form=form, actions=actions, refused=refused, status=status)
    if "submit" in request.POST:
        return _submit(request, escalation, found)
    messages.success(request, _("The analysis is saved."))
    return redirect("desk:analysis", number)


def _submit(request: DeskRequest, escalation: Escalation, found: Analysis) -> HttpResponse:
    """What is typed has been saved; what it lacks is said."""
    try:
        services.submit_analysis(user=request.user, number=escalation.number, now=clock.now())
    except DomainError as error:
        found.refresh_from_db()
        return _page(request, escalation, found, refused=str(error), status=refusal_status(error))
    messages.success(request, _("The analysis is submitted."))
    return redirect("desk:analysis", escalation.number)


@require_POST
@desk_page
def deed(request: DeskRequest, number: int, what: str) -> HttpResponse:
    """Compose, check, send, or tick an action."""
    escalation, found = _access(request, number)
    kind, act, said = DEEDS[what]
    form = kind(request.POST)
    if not form.is_valid():
        return _page(request, escalation, found, refused=_("That was not understood."), status=BAD_INPUT)
    try:
        act(user=request.user, number=number, now=clock.now(), **form.cleaned_data)
    except DomainError as error:
        return _page(request, escalation, found, refused=str(error), typed=request.POST, status=refusal_status(error))
    if said:
        messages.success(request, str(said))
    return redirect("desk:analysis", number)


def _access(request: DeskRequest, number: int) -> tuple[Escalation, Analysis]:
    escalation = access_escalation(request.user, number)
    found = analysis_of(escalation)
    if found is None:
        raise NotFound
    return escalation, found


def _page(
    request: DeskRequest,
    escalation: Escalation,
    found: Analysis,
    *,
    form: Any = None,
    actions: Any = None,
    refused: str = "",
    typed: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    documents = {one.person_id: one for one in found.documents.select_related(*_SHOWN)}
    people = [line.person for line in customers_of(escalation).select_related("person")[:MOST_CUSTOMERS]]
    works = works_on(request.user, escalation)
    submits = holds(request.user, escalation, Duty.COORDINATOR, now)
    sends = holds(request.user, escalation, Duty.ENGAGEMENT, now)
    is_open = found.submitted_at is None and (works or submits)
    context = {
        "escalation": escalation,
        "analysis": found,
        "refused": refused,
        "form": form or analysis_form(found),
        "actions": actions or actions_form(found, people_of(escalation)) if is_open else None,
        "is_open": is_open,
        "to_prevent": len(to_prevent(escalation)),
        "decided": list(found.actions.select_related("owner", "task")),
        "customers": [(person, documents.get(person.pk), _typed(typed, person.pk)) for person in people],
        "may_work": works,
        "may_submit": submits,
        "may_compose": works or sends,
        "may_send": sends,
        "now": now,
    }
    return show(request, "desk/room/analysis.html", context, status=status)


_SHOWN = ("composed_by", "checked_by", "sent_by", "reading")


def _typed(typed: Mapping[str, Any] | None, person: int) -> str:
    return str(typed.get("body", "")) if typed and typed.get("person") == str(person) else ""
