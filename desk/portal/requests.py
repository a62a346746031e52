"""My requests: what is open and what is done, each with its promise."""

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from common import clock
from desk.answers import show
from desk.portal.facts import facts_of
from desk.portal.guard import CustomerRequest, customer_page
from desk.portal.standing import standing_of
from tickets.enums import ACTIVE_STATUSES
from tickets.models import Ticket

PAGE = 50
FILTERS = {"open": Q(status__in=ACTIVE_STATUSES), "closed": ~Q(status__in=ACTIVE_STATUSES)}


@require_safe
@customer_page
def requests(request: CustomerRequest) -> HttpResponse:
    now = clock.now()
    shown = request.GET.get("show", "open")
    shown = shown if shown in FILTERS else "open"
    # One that was merged into another of his own is found there.
    mine = Ticket.objects.visible_to(request.user).exclude(merged_into__requester=request.user)
    counts = mine.aggregate(open=Count("pk", filter=FILTERS["open"]), closed=Count("pk", filter=FILTERS["closed"]))
    pages = Paginator(mine.filter(FILTERS[shown]).with_people(), PAGE)
    # The count is known already; the paginator need not ask again.
    pages.count = counts[shown]
    page = pages.get_page(request.GET.get("page"))
    standings = [standing_of(facts, now) for facts in facts_of(list(page.object_list))]
    context = {"standings": standings, "counts": counts, "shown": shown, "page": page, "portal_active": "requests"}
    return show(request, "portal/requests.html", {**context, "now": now})
