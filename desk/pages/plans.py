"""The action plan of an escalation: a new version of it, and what changed from one to the next (R41, R44)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common import clock
from common.errors import DomainError
from desk.answers import BAD_INPUT, DeskRequest, blame, desk_page, show
from desk.forms.room import WhyForm, plan_form, tasks_of
from desk.looks.escalations.plans import versions
from desk.looks.escalations.room import room_url
from desk.pages.room import answer, refusal_status
from escalation import services
from escalation.permissions import access_escalation
from escalation.procedures.conditions import current_plan


@require_POST
@desk_page
def plan(request: DeskRequest, number: int) -> HttpResponse:
    """A new version of the action plan."""
    escalation = access_escalation(request.user, number)
    form, why = plan_form(current_plan(escalation), request.POST), WhyForm(request.POST, prefix="why")
    if not (form.is_valid() and why.is_valid()):
        return answer(request, escalation, verb="plan", plan=form, why=why, status=BAD_INPUT)
    try:
        services.plan(user=request.user, number=number, tasks=tasks_of(form), now=clock.now(), **why.cleaned_data)
    except DomainError as error:
        blame(why, error)
        again = access_escalation(request.user, number)
        return answer(request, again, verb="plan", plan=form, why=why, refused=str(error), status=refusal_status(error))
    messages.success(request, _("The plan is saved."))
    return redirect(room_url(number) + "#plan")


@require_safe
@desk_page
def plan_versions(request: DeskRequest, number: int) -> HttpResponse:
    """Every version with its author, its reason and what it changed."""
    escalation = access_escalation(request.user, number)
    context = {"escalation": escalation, "versions": versions(escalation, clock.now())}
    return show(request, "desk/room/plan_versions.html", context)
