"""The dry run: on one ticket, on a text, on the last days. It says what would be, and changes nothing."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common import clock
from common.numbers import whole
from desk.answers import BAD_INPUT, DeskRequest, admin_page
from desk.forms.routing_try import TextForm
from desk.looks.inbox.finder import candidates
from desk.looks.rules.routing import all_rules
from desk.looks.rules.routing_run import run_look
from desk.looks.rules.routing_try import try_on, try_text
from desk.looks.settings.rail import settings_rail
from desk.pages.export import sent
from desk.pages.routing import show_rules
from tickets.models import Ticket
from tickets.routing.book import book_of
from tickets.routing.replaying import Replayed, numbers_since, replay

DAYS = (1, 7, 30, 90)
USUAL_DAYS = 30
# Where the page of a run is cut, twice: what is before it is sent at once, then the steps, then what they have found.
_CUT = "‖ the run ‖"


@require_safe
@admin_page
def try_ticket(request: DeskRequest) -> HttpResponse:
    """`q` is a number, or words of which the tickets are offered."""
    text = request.GET.get("q", "").strip()[:300]
    number = whole(text.split(" ")[0].removeprefix("#"))
    ticket = Ticket.objects.visible_to(request.user).filter(pk=number).first() if number is not None else None
    if ticket is not None:
        return show_rules(request, tried=try_on(ticket, all_rules(), clock.now()), asked=text)
    found = candidates(request.user, text) if text else []
    missing = "" if found else _("No ticket is meant by that. Give a number, or a word of its subject.")
    return show_rules(request, found=found, asked=text, missing=missing, status=200 if found else BAD_INPUT)


@require_POST
@admin_page
def try_words(request: DeskRequest) -> HttpResponse:
    form = TextForm(request.POST)
    if not form.is_valid():
        return show_rules(request, form=form, status=BAD_INPUT, with_text=True)
    tried = try_text(**form.cleaned_data, rules=all_rules(), now=clock.now())
    return show_rules(request, tried=tried, form=form, with_text=True)


@require_safe
@admin_page  # type: ignore[arg-type] # a stream is an answer, too
def run(request: DeskRequest) -> HttpResponseBase:
    """The tickets of the last days, put to the rules stretch by stretch; each tells how far it has come.

    The page is sent while it is made, so its bar moves without a script: the newest line is the one that is seen.
    """
    given = request.GET.get("days", "")
    days = int(given) if given in map(str, DAYS) else USUAL_DAYS
    context = {"settings_rail": settings_rail(request.user), "days": days, "choices": DAYS, "now": clock.now()}
    page = render_to_string("desk/settings/routing_run.html", {**context, "cut": _CUT}, request)
    return StreamingHttpResponse(
        sent(_parts(page, days, context), timezone.get_current_timezone_name(), get_language() or ""),
        content_type="text/html; charset=utf-8",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _parts(page: str, days: int, context: dict[str, Any]) -> Iterator[bytes]:
    head, between, tail = page.split(_CUT)
    yield head.encode()
    rules = all_rules()
    found = Replayed(0)
    for found in replay(book_of(rules), numbers_since(context["now"] - timedelta(days=days)), context["now"]):
        yield render_to_string("desk/settings/routing_step.html", {"found": found}).encode()
    yield between.encode()
    look = run_look(found, rules)
    yield render_to_string("desk/settings/routing_found.html", {**context, "look": look}).encode()
    yield tail.encode()
