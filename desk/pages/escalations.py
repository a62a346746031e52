"""All escalations that the reader may see: by step, as a list, or those that have ended."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from common import clock
from desk.answers import DeskRequest, desk_page, show
from desk.looks.board import board, ended
from escalation.models import Proposal

LOOKS = {"": ("layout-kanban", _("By step")), "list": ("list", _("List")), "ended": ("history", _("Ended"))}
TEMPLATES = {True: "desk/escalations/board.html", False: "desk/escalations/page.html"}


@require_safe
@desk_page
def escalations(request: DeskRequest) -> HttpResponse:
    now = clock.now()
    asked = {key: request.GET.get(key, "")[:40] for key in ("look", "mine", "team")}
    asked["look"] = asked["look"] if asked["look"] in LOOKS else ""
    context: dict[str, Any] = {
        "asked": asked,
        "here": _address(asked),
        "looks": [
            (icon, words, _address(asked, look=name), name == asked["look"]) for name, (icon, words) in LOOKS.items()
        ],
        "all_url": _address(asked, mine=""),
        "mine_url": _address(asked, mine="1"),
        "now": now,
    }
    if asked["look"] == "ended":
        context["ended"] = ended(request.user)
    else:
        context["board"] = board(request.user, now, mine=asked["mine"] == "1", team=asked["team"])
    if not request.htmx:
        context["proposed"] = Proposal.objects.open().visible_to(request.user).count()
    return show(request, TEMPLATES[bool(request.htmx)], context)


def _address(asked: dict[str, str], **changed: str) -> str:
    query = urlencode({key: value for key, value in {**asked, **changed}.items() if value})
    return reverse("desk:escalations") + (f"?{query}" if query else "")
