"""Which ticket is meant, for a field that wants one: asked while somebody types."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from common.numbers import whole
from desk.answers import DeskRequest, desk_page, show
from desk.looks.inbox.finder import LONGEST, candidates
from tickets.bulk import MOST_AT_ONCE
from tickets.permissions import access_ticket


@require_safe
@desk_page
def find_ticket(request: DeskRequest) -> HttpResponse:
    """`q` as typed so far; `near` the ticket that another is chosen for; `among` numbers that are offered first."""
    text = request.GET.get("q", "")[:LONGEST]
    near = whole(request.GET.get("near", ""))
    among = [number for word in request.GET.getlist("among")[:MOST_AT_ONCE] if (number := whole(word))]
    ticket = access_ticket(request.user, near) if near else None
    found = candidates(request.user, text, near=ticket, among=among)
    return show(request, "desk/finder.html", {"found": found, "text": text.strip()})
