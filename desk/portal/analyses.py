"""What went wrong: the customer asks for it, and reads what he was sent (R50, R54)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common import clock
from common.errors import InvalidInput, NotAllowedNow
from desk.answers import blame, show
from desk.portal.forms import AnalysisForm
from desk.portal.guard import CustomerRequest, customer_page
from desk.portal.request import request_shown
from escalation.services import resolving as services
from tickets.permissions import access_ticket


@require_POST
@customer_page
def ask(request: CustomerRequest, number: int) -> HttpResponse:
    ticket = access_ticket(request.user, number)
    form = AnalysisForm(request.POST)
    if not form.is_valid():
        return request_shown(request, ticket, analysis_form=form)
    why = form.cleaned_data["why"]
    try:
        is_first = services.request_analysis_for(user=request.user, ticket_number=number, why=why, now=clock.now())
    except InvalidInput as error:
        blame(form, error)
        return request_shown(request, ticket, analysis_form=form)
    except NotAllowedNow:
        # Why not is said between colleagues, in words that are theirs.
        refused = _("It cannot be asked for now: it has been already, or we are still at work on the matter.")
        return request_shown(request, ticket, refused=refused, wrote=why)
    said = _("You will hear from us what went wrong."), _("We look into it already. What you wrote is with us.")
    messages.success(request, said[0] if is_first else said[1])
    return redirect("portal:request", number)


@require_GET
@customer_page
def read(request: CustomerRequest, pk: int) -> HttpResponse:
    """Opening it is what counts as reading it."""
    document = services.read_document(user=request.user, pk=pk, now=clock.now())
    ticket = services.request_about(document)
    return show(request, "portal/analysis.html", {"document": document, "ticket": ticket, "portal_active": "request"})
