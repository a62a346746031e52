"""The inbox: everything open that the reader may see, what is due first on top."""

from datetime import datetime
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from common import clock
from common.errors import InvalidInput
from common.numbers import whole
from desk.answers import BAD_INPUT, DeskRequest, desk_page, show
from desk.looks.inbox.bulk import act_look, bulk_choices
from desk.looks.inbox.inbox import ORDERS, Asked, InboxLook, found_by, inbox, rows_again, team_named
from desk.looks.inbox.neighbours import Trail, trail
from desk.looks.inbox.readback import readback, wrong_part
from desk.looks.inbox.views import VIEWS
from tickets import queue
from tickets.saved import may_change

TEMPLATES = {True: "desk/inbox/list.html", False: "desk/inbox/page.html"}
MOST_ROWS_AGAIN = 100


@require_safe
@desk_page
def inbox_page(request: DeskRequest) -> HttpResponse:
    now = clock.now()
    asked = Asked.from_query(request.GET, request.user)
    look, error, wrong = InboxLook(), "", None
    try:
        look = inbox(request.user, asked, now)
    except InvalidInput as refused:
        error, wrong = str(refused), wrong_part(asked.q, refused)
    fragment = bool(request.htmx) and not request.htmx.boosted
    context = {
        "look": look,
        "trail": trail(asked, look.seen_at),
        "error": error,
        "wrong": wrong,
        "asked": asked,
        "view_is_gone": asked.saved is None and bool(request.GET.get("saved")),
        "readback": "" if error else readback(asked),
        "empty": VIEWS[asked.view].empty,
        "list_url": asked.address(),
        "first_url": asked.address(after=""),
        "more_url": asked.address(after=look.next),
        "rows_url": asked.address("desk:inbox_rows"),
        "now": now,
        **({} if fragment else _frame(request, asked, look)),
    }
    return show(request, TEMPLATES[fragment], context, status=BAD_INPUT if error and not fragment else 200)


@require_safe
@desk_page
def inbox_rows(request: DeskRequest) -> HttpResponse:
    """`n` as often as there are rows to see again, `seen`: the moment by which the page is sorted."""
    now = clock.now()
    asked = Asked.from_query(request.GET, request.user)
    numbers = [number for word in request.GET.getlist("n") if (number := whole(word)) is not None]
    seen_at = _moment(request.GET.get("seen", "")) or now
    try:
        rows = rows_again(request.user, asked, numbers[:MOST_ROWS_AGAIN], seen_at, now)
    except InvalidInput:
        rows = []
    return show(
        request, "desk/inbox/rows.html", {"rows": rows, "asked": asked, "trail": trail(asked, seen_at), "now": now}
    )


@require_safe
@desk_page
def next_in_line(request: DeskRequest) -> HttpResponse:
    """The first ticket of what waits for the reader; the empty view where nothing does."""
    now = clock.now()
    asked = Asked(view="do-next")
    found = found_by(request.user, asked, now)
    counts = queue.group_tallies(found, now, done=False)
    first = queue.page(found, queue.DO_NEXT, now=now, size=1, counts=counts)
    if not first:
        return redirect(asked.address())
    place = first[0][0]
    return redirect(reverse("desk:ticket", args=[place.number]) + Trail(urlsplit(asked.address()).query, now).to(place))


def _frame(request: DeskRequest, asked: Asked, look: InboxLook) -> dict[str, object]:
    """What stands around the list."""
    saved = asked.saved
    orders = [(str(words), asked.address(order=name, after=""), name == asked.order) for name, words in ORDERS.items()]
    return {
        "title": saved.name if saved else VIEWS[asked.view].words,
        "team": team_named(asked.team),
        "orders": [] if look.has_words else orders,
        "choices": bulk_choices(),
        "act": act_look(request.user, request.GET.get("act", ""), clock.now()),
        "save_url": asked.address("desk:view_new", after=""),
        "may_change": saved is not None and may_change(request.user, saved),
        "export_url": asked.address("desk:inbox_export", after=""),
    }


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and found.tzinfo else None
