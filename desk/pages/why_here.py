"""Why a ticket is where it is: each decision of the rules as it was made (R56)."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from desk.answers import DeskRequest, desk_page, show
from desk.looks.ticket.routed import decisions
from tickets.permissions import access_ticket


@require_safe
@desk_page
def why_here(request: DeskRequest, number: int) -> HttpResponse:
    """What the rules say now may be something else: what was decided then is what is shown."""
    ticket = access_ticket(request.user, number)
    return show(request, "desk/ticket/why_here.html", {"ticket": ticket, "decisions": decisions(ticket)})
