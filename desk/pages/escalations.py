"""All escalations that the reader may see: by step, as a list, what grows old unclosed, or those that have ended."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from common import clock
from common.numbers import whole
from desk.answers import DeskRequest, desk_page, show
from desk.looks.escalations.board import STEPS, Narrow, ageing, board, ended, listed
from escalation.models import Proposal
from people.enums import Tier

LOOKS = {
    "": ("layout-kanban", _("By step")),
    "list": ("list", _("List")),
    "ageing": ("hourglass", _("Not closed")),
    "ended": ("history", _("Ended")),
}
TEMPLATES = {True: "desk/escalations/board.html", False: "desk/escalations/page.html"}
FILTERS = ("team", "severity", "tier", "q", "due")
DUE_WITHIN = timedelta(hours=1)
ASKED = ("look", "mine", *FILTERS, "step", "page")
LONGEST = 100
SEVERITIES = ("1", "2", "3", "4")
# What only some words can be; whatever else stands in an address is nothing asked for.
KNOWN = {"look": LOOKS, "severity": SEVERITIES, "tier": Tier.values, "due": ("1",)}


@require_safe
@desk_page
def escalations(request: DeskRequest) -> HttpResponse:
    now = clock.now()
    asked = _asked(request)
    near = {**asked, "step": "", "page": ""}
    context: dict[str, Any] = {
        "asked": asked,
        "here": _address(asked),
        "looks": [
            (icon, words, _address(near, look=name), name == asked["look"]) for name, (icon, words) in LOOKS.items()
        ],
        "all_url": _address(asked, mine="", page=""),
        "mine_url": _address(asked, mine="1", page=""),
        "unfiltered_url": _address(near, **dict.fromkeys(FILTERS, "")),
        "filters": sum(bool(asked[name]) for name in FILTERS),
        "now": now,
        **_shown(request, asked, now),
    }
    if not request.htmx:
        context["proposed"] = Proposal.objects.open().visible_to(request.user).count()
        context |= {"severities": SEVERITIES, "tiers": Tier.choices}
    return show(request, TEMPLATES[bool(request.htmx)], context)


def _asked(request: DeskRequest) -> dict[str, str]:
    asked = {key: request.GET.get(key, "").strip()[:LONGEST] for key in ASKED}
    asked |= {key: asked[key] if asked[key] in known else "" for key, known in KNOWN.items()}
    asked["step"] = asked["step"] if asked["step"] in STEPS and asked["look"] == "list" else ""
    return asked


def _shown(request: DeskRequest, asked: dict[str, str], now: datetime) -> dict[str, Any]:
    """What the chosen look is about."""
    if asked["look"] == "ended":
        return {"ended": ended(request.user)}
    until = now + DUE_WITHIN if asked["due"] else None
    narrow = Narrow(asked["mine"] == "1", asked["team"], asked["severity"], asked["tier"], asked["q"], until)
    if asked["look"] == "ageing":
        return {"old": ageing(request.user, now, narrow)}
    tile_urls = {"decisions": reverse("desk:decisions"), "ageing": _address(asked, look="ageing", step="", page="")}
    if asked["look"] != "list":
        steps = {state: _address(asked, look="list", step=state) for state in STEPS}
        return {"board": board(request.user, now, narrow), "step_urls": steps, "tile_urls": tile_urls}
    given = asked["page"]
    page = whole(given, 5)
    page = 1 if page is None else page
    look = listed(request.user, now, narrow, step=asked["step"], page=page)
    steps = {"": _address(asked, step="", page=""), **{state: _address(asked, step=state, page="") for state in STEPS}}
    return {
        "board": look,
        "tile_urls": tile_urls,
        "steps": [(url, STEPS.get(state, _("Every step")), state == asked["step"]) for state, url in steps.items()],
        "before_url": _address(asked, page=str(look.page - 1)) if look.page > 1 else "",
        "after_url": _address(asked, page=str(look.page + 1)) if look.page < look.pages else "",
    }


def _address(asked: dict[str, str], **changed: str) -> str:
    query = urlencode({key: value for key, value in {**asked, **changed}.items() if value})
    return reverse("desk:escalations") + (f"?{query}" if query else "")
