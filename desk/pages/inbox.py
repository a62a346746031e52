"""The inbox: everything open that the reader may see, what is due first on top."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from common import clock
from common.errors import InvalidInput
from desk.answers import BAD_INPUT, DeskRequest, desk_page, show
from desk.looks.inbox import ORDERS, Asked, InboxLook, inbox, team_named
from desk.looks.views import VIEWS

TEMPLATES = {True: "desk/inbox/list.html", False: "desk/inbox/page.html"}


@require_safe
@desk_page
def inbox_page(request: DeskRequest) -> HttpResponse:
    now = clock.now()
    asked = Asked.from_query(request.GET)
    try:
        look, error = inbox(request.user, asked, now), ""
    except InvalidInput as wrong:
        look, error = InboxLook(), str(wrong)
    context = {
        "look": look,
        "error": error,
        "asked": asked,
        "title": VIEWS[asked.view].words,
        "empty": VIEWS[asked.view].empty,
        "team": team_named(asked.team),
        "orders": [] if look.has_words else _orders(asked),
        "list_url": address(asked),
        "first_url": address(asked, after=""),
        "more_url": address(asked, after=look.next),
        "now": now,
    }
    fragment = bool(request.htmx) and not request.htmx.boosted
    return show(request, TEMPLATES[fragment], context, status=BAD_INPUT if error and not fragment else 200)


def address(asked: Asked, **changed: str) -> str:
    """The inbox as asked for, with something changed; what is as usual is left out of the address."""
    wanted = {
        "view": asked.view,
        "team": asked.team,
        "order": asked.order,
        "q": asked.q,
        "after": asked.after,
        **changed,
    }
    query = urlencode({key: value for key, value in wanted.items() if value})
    return reverse("desk:inbox") + (f"?{query}" if query else "")


def _orders(asked: Asked) -> list[tuple[str, str, bool]]:
    return [(str(words), address(asked, order=name, after=""), name == asked.order) for name, words in ORDERS.items()]
