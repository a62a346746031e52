"""Many tickets at once, from the inbox: what was done is said on the page that one comes back to, with its undo."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from common import clock
from common.errors import InvalidInput, NotAllowedNow
from common.numbers import whole
from desk.answers import DeskRequest, desk_page, safe_next
from desk.forms.handling import ticket_number
from tickets import bulk
from tickets.enums import Deed


@require_POST
@desk_page
def bulk_act(request: DeskRequest) -> HttpResponse:
    """`ticket` as often as there are; `deed` and, under the deed's own name, to what."""
    back = safe_next(request, reverse("desk:inbox"))
    deed = request.POST.get("deed", "")
    numbers = [number for word in request.POST.getlist("ticket") if (number := whole(word)) is not None]
    value = request.POST.get(deed, "")
    if deed == Deed.MERGE:
        value = str(ticket_number(value) or value)
    try:
        done = bulk.act(user=request.user, numbers=numbers, deed=deed, value=value, now=clock.now())
    except InvalidInput as wrong:
        messages.error(request, str(wrong))
        return redirect(back)
    return redirect(_with_act(back, done.pk))


@require_POST
@desk_page
def bulk_undo(request: DeskRequest, pk: int) -> HttpResponse:
    back = safe_next(request, reverse("desk:inbox"))
    try:
        bulk.undo(user=request.user, pk=pk, now=clock.now())
    except NotAllowedNow as no:
        messages.error(request, str(no))
    return redirect(_with_act(back, pk))


def _with_act(address: str, pk: int) -> str:
    """The page that one came from, telling of this act and of no other."""
    parts = urlsplit(address)
    query = [(key, value) for key, value in parse_qsl(parts.query) if key != "act"]
    return f"{parts.path}?{urlencode([*query, ('act', pk)])}"
