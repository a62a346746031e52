"""How each promise of a request is counted: the public half of its ledger, on a page of its own (R38).

Who asks why wants every line; whoever only looks after his request reads the due time, and his page comes without them.
"""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from common import clock
from desk.answers import show
from desk.portal.counting import counting
from desk.portal.facts import facts_of
from desk.portal.guard import CustomerRequest, customer_page
from desk.portal.standing import clock_line
from sla.explain import load_entries
from tickets.permissions import access_ticket


@require_safe
@customer_page
def counted(request: CustomerRequest, number: int) -> HttpResponse:
    ticket, now = access_ticket(request.user, number), clock.now()
    clocks = facts_of([ticket])[0].clocks
    load_entries(clocks)
    context = {
        "ticket": ticket,
        "promises": [(clock_line(one, now), counting(one, now)) for one in clocks],
        "portal_active": "request",
        "now": now,
    }
    return show(request, "portal/counting.html", context)
