"""The executive summary of an escalation: read, printed, and sent to senior management (R43)."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.errors import DomainError, Refused
from desk.answers import BAD_INPUT, DeskRequest, blame, desk_page, say, show
from desk.forms.updates import SummaryForm
from desk.looks.escalations.summary import SummaryLook, summary
from desk.pages.room import refusal_status
from escalation.parties.recipients import seniors
from escalation.permissions import access_escalation, runs
from escalation.services import communicating as services

SENT = 302


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def page(request: DeskRequest, number: int) -> HttpResponse:
    """For all who see the escalation; the form is its manager's."""
    escalation = access_escalation(request.user, number)
    now, may_send = clock.now(), runs(request.user, escalation)
    if request.method == "POST" and not may_send:
        raise Refused
    look = summary(escalation, now)
    form = _form(request, look, now) if may_send else None
    status = _sent(request, number, form) if form is not None and form.is_bound else 200
    if status == SENT:
        return redirect("desk:escalation", number)
    context = {"escalation": escalation, "look": look, "form": form, "now": now}
    return show(request, "desk/room/summary.html", context, status=status)


def _form(request: DeskRequest, look: SummaryLook, now: datetime) -> SummaryForm:
    people = [(person.email, person.name) for person in seniors(look.escalation, now)]
    data = request.POST if request.method == "POST" else None
    return SummaryForm(data, people=people, initial={"body": look.as_text(now)})


def _sent(request: DeskRequest, number: int, form: SummaryForm) -> int:
    """SENT, or the status with which the page is shown again."""
    if not form.is_valid():
        return BAD_INPUT
    try:
        services.send_summary(user=request.user, number=number, now=clock.now(), **form.cleaned_data)
    except DomainError as error:
        blame(form, error)
        return refusal_status(error)
    say(request, _("The summary is sent."))
    return SENT
