"""What somebody has asked for and may take back, for whoever does not see what became of it (R31)."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.errors import DomainError
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, blame, desk_page, say, show
from desk.forms.room import ReasonForm
from escalation import services
from escalation.models import Escalation
from escalation.permissions import access_own_request


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def asked(request: DeskRequest, number: int) -> HttpResponse:
    """His own words, and the form by which he withdraws them."""
    escalation = access_own_request(request.user, number)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _show(request, escalation, form)
    if not form.is_valid():
        return _show(request, escalation, form, BAD_INPUT)
    try:
        services.withdraw(user=request.user, number=number, reason=form.cleaned_data["reason"], now=clock.now())
    except DomainError as error:
        blame(form, error)
        return _show(request, escalation, form, CONFLICT)
    say(request, _("%(ref)s is withdrawn.") % {"ref": escalation.reference})
    return redirect("desk:inbox")


def _show(request: DeskRequest, escalation: Escalation, form: ReasonForm, status: int = 200) -> HttpResponse:
    sees = Escalation.objects.visible_to(request.user).filter(pk=escalation.pk).exists()
    context = {"escalation": escalation, "form": form, "sees": sees}
    return show(request, "desk/room/asked.html", context, status=status)
