"""Everything that leaves the house by mail, messenger or call: what waits, why, and what can be done about it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common import clock
from common.errors import InvalidInput, NotAllowedNow, NotFound
from desk.answers import BAD_INPUT, CONFLICT, DeskRequest, Page, desk_page, nothing_here, show
from desk.looks.outbox import STATES, Asked, one_seen_by, outbox_look
from notifications import outbox as actions
from notifications.models import Delivery
from notifications.rendering import DIGEST

MEMBERS = 100


def outbox_page(view: Page) -> Page:
    """For administrators and managers."""

    def guarded(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if request.user.is_manager else nothing_here(request)

    return desk_page(guarded)


@require_safe
@outbox_page
def outbox(request: DeskRequest) -> HttpResponse:
    asked = Asked(**{name: request.GET.get(name, "")[:254] for name in ("state", "who", "ticket", "before")})
    kept = {"state": asked.state, "who": asked.who, "ticket": asked.ticket}
    context = {
        "look": outbox_look(request.user, asked, clock.now()),
        "asked": asked,
        "states": [(name, str(words)) for name, (words, _q) in STATES.items()],
        "kept": urlencode({name: value for name, value in kept.items() if value}),
    }
    return show(request, "desk/outbox/list.html", context)


@require_safe
@outbox_page
def one(request: DeskRequest, pk: int) -> HttpResponse:
    return _show(request, one_seen_by(request.user, pk))


@require_POST
@outbox_page
def retry(request: DeskRequest, pk: int) -> HttpResponse:
    return _act(request, pk, actions.retry, _("It is tried again now."))


@require_POST
@outbox_page
def stop(request: DeskRequest, pk: int) -> HttpResponse:
    return _act(request, pk, actions.stop, _("It is not sent. “Try again” brings it back."))


@require_POST
@outbox_page
def redirect_to(request: DeskRequest, pk: int) -> HttpResponse:
    """To another address; for administrators, since whoever has it reads it."""
    if not request.user.is_admin:
        raise NotFound
    address = request.POST.get("address", "")
    return _act(request, pk, actions.redirect, _("It goes to %(address)s now.") % {"address": address}, address=address)


def _act(request: DeskRequest, pk: int, act: Callable[..., Delivery], said: str, **given: str) -> HttpResponse:
    row = one_seen_by(request.user, pk)
    try:
        act(pk=pk, by=request.user, now=clock.now(), **given)
    except InvalidInput as error:
        return _show(request, row, status=BAD_INPUT, typed=given.get("address", ""), wrong=str(error))
    except NotAllowedNow as error:
        return _show(request, one_seen_by(request.user, pk), status=CONFLICT, wrong=str(error))
    messages.success(request, said)
    return redirect("desk:outbox_one", pk)


def _show(request: DeskRequest, row: Delivery, *, status: int = 200, **more: str) -> HttpResponse:
    members = list(row.members.order_by("pk")[:MEMBERS]) if row.template == DIGEST else []
    return show(request, "desk/outbox/one.html", {"row": row, "members": members, **more}, status=status)
