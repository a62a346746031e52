"""Writing an update in the room: written, its reach shown, sent."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common import clock
from common.errors import DomainError, InvalidInput
from desk.answers import BAD_INPUT, DeskRequest, blame, desk_page, show
from desk.forms.updates import ConfirmForm, UpdateForm
from desk.looks.escalations.room import room_url
from desk.looks.escalations.updates import Reach, reach_of, readings
from desk.pages import room
from escalation.communicate.status import public_services
from escalation.models import Escalation
from escalation.permissions import access_escalation
from escalation.services import communicating as services


@require_POST
@desk_page
def send(request: DeskRequest, number: int) -> HttpResponse:
    """To one person at once; what goes to more, or is prepared, is shown first and sent when that is confirmed."""
    escalation = access_escalation(request.user, number)
    form = UpdateForm(request.POST, prepared=services.prepared_for(escalation))
    if not form.is_valid():
        return room.answer(request, escalation, verb="communicate", form=form, status=BAD_INPUT)
    given = form.cleaned_data
    confirmed = ConfirmForm(request.POST)
    is_confirmed = confirmed.is_valid()
    reach = reach_of(escalation, given["audience"], clock.now())
    if not is_confirmed and ("preview" in request.POST or given["template"] or _is_wide(given["audience"], reach)):
        return _confirm(request, escalation, form, reach)
    said = {"expected": confirmed.cleaned_data["expected"], "texts": confirmed.texts()} if is_confirmed else {}
    try:
        services.communicate(user=request.user, number=number, now=clock.now(), **_fields(given), **said)
    except DomainError as error:
        if is_confirmed:
            return _confirm(request, access_escalation(request.user, number), form, reach, confirmed, error)
        return _refused(request, number, form, error)
    messages.success(request, _("The update is sent."))
    return redirect(room_url(number) + "#update")


def _is_wide(audience: str, reach: Reach) -> bool:
    return audience == "customers" and reach.count + len(reach.unreachable) > 1


def _fields(given: dict[str, Any]) -> dict[str, Any]:
    template = given["template"]
    return {**given, "template": template.pk if template else None}


def _confirm(
    request: DeskRequest,
    escalation: Escalation,
    form: UpdateForm,
    reach: Reach,
    confirmed: ConfirmForm | None = None,
    error: DomainError | None = None,
) -> HttpResponse:
    """Who gets what in which language, and the button that sends it."""
    given = form.cleaned_data
    typed = confirmed.texts() if confirmed else {}
    context = {
        "escalation": escalation,
        "form": form,
        "given": given,
        "reach": reach,
        "public_on": public_services(escalation) if _is_wide(given["audience"], reach) else [],
        "readings": readings(reach, given["body"], "", given["template"], typed),
        "refused": _words(error),
        "now": clock.now(),
    }
    return show(request, "desk/room/confirm.html", context, status=room.refusal_status(error) if error else 200)


def _words(error: DomainError | None) -> str:
    if isinstance(error, InvalidInput):
        return " ".join(str(sentence) for sentences in error.errors.values() for sentence in sentences)
    return str(error) if error else ""


def _refused(request: DeskRequest, number: int, form: UpdateForm, error: DomainError) -> HttpResponse:
    blame(form, error)
    refused = "" if isinstance(error, InvalidInput) else str(error)
    again = access_escalation(request.user, number)
    return room.answer(
        request, again, verb="communicate", form=form, refused=refused, status=room.refusal_status(error)
    )
