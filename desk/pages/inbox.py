"""The inbox: everything open that the reader may see, what is due first on top."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from common import clock
from common.errors import InvalidInput
from desk.answers import BAD_INPUT, DeskRequest, desk_page, show
from desk.looks.inbox import EMPTY, ORDERS, PAGE, VIEWS, Asked, InboxLook, inbox, team_named

TEMPLATES = {True: "desk/inbox/list.html", False: "desk/inbox/page.html"}


@require_safe
@desk_page
def inbox_page(request: DeskRequest) -> HttpResponse:
    now = clock.now()
    asked = Asked.from_query(request.GET)
    try:
        look, error = inbox(request.user, asked, now), ""
    except InvalidInput as wrong:
        look, error = InboxLook([], 0, 0), str(wrong)
    context = {
        "look": look,
        "error": error,
        "asked": asked,
        "title": VIEWS[asked.view],
        "empty": EMPTY[asked.view],
        "team": team_named(asked.team),
        "orders": [(words, address(asked, order=name), name == asked.order) for name, words in ORDERS.items()],
        "list_url": address(asked),
        "more_url": address(asked, shown=asked.shown + PAGE),
        "now": now,
    }
    fragment = bool(request.htmx) and not request.htmx.boosted
    return show(request, TEMPLATES[fragment], context, status=BAD_INPUT if error and not fragment else 200)


def address(asked: Asked, **changed: object) -> str:
    """The inbox as asked for, with something changed; what is as usual is left out of the address."""
    wanted = {
        "view": asked.view,
        "team": asked.team,
        "order": asked.order,
        "q": asked.q,
        "shown": asked.shown,
        **changed,
    }
    usual = {"shown": PAGE}
    query = urlencode({key: value for key, value in wanted.items() if value and value != usual.get(key)})
    return reverse("desk:inbox") + (f"?{query}" if query else "")
