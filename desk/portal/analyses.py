"""What went wrong: the customer asks for it, and reads what he was sent (R50, R54)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common import clock
from common.errors import DomainError, NotFound, Refused
from desk.answers import CONFLICT, show
from desk.portal.guard import CustomerRequest, customer_page
from escalation.services import resolving as services
from tickets.permissions import access_ticket


@require_POST
@customer_page
def ask(request: CustomerRequest, number: int) -> HttpResponse:
    ticket = access_ticket(request.user, number)
    why = request.POST.get("why", "")[:2000]
    try:
        services.request_analysis_for(user=request.user, ticket_number=number, why=why, now=clock.now())
    except (NotFound, Refused):
        raise
    except DomainError:
        # Why not is said between colleagues, in words that are theirs.
        return show(
            request,
            "portal/not_now.html",
            {"ticket": ticket, "typed": why, "portal_active": "request"},
            status=CONFLICT,
        )
    messages.success(request, _("You will hear from us what went wrong."))
    return redirect("portal:request", number)


@require_GET
@customer_page
def read(request: CustomerRequest, pk: int) -> HttpResponse:
    """Opening it is what counts as reading it."""
    document = services.read_document(user=request.user, pk=pk, now=clock.now())
    return show(request, "portal/analysis.html", {"document": document, "portal_active": "request"})
