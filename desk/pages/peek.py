"""A look at a ticket without opening it: what was said last."""

from django.db.models.functions import Substr
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from common import clock
from desk.answers import DeskRequest, desk_page, show
from desk.looks.inbox.rows import rows_of, tickets_of
from tickets.models import Message
from tickets.permissions import access_ticket
from tickets.queue import group_of

NEWEST = 4
LETTERS = 1500


@require_safe
@desk_page
def peek(request: DeskRequest, number: int) -> HttpResponse:
    """The newest messages, the newest last, each as far as a glance goes. Nothing counts as read by it."""
    access_ticket(request.user, number)
    now = clock.now()
    ticket = tickets_of([number])[0]
    said = (
        Message.objects.visible_to(request.user)
        .filter(ticket=number)
        .select_related("author")
        .annotate(start=Substr("body", 1, LETTERS))
        .defer("body")
        .order_by("-created_at", "-pk")[:NEWEST]
    )
    row = rows_of([(ticket, group_of(ticket, now), "")], now)[0]
    return show(request, "desk/inbox/peek.html", {"row": row, "said": list(said)[::-1], "letters": LETTERS, "now": now})
