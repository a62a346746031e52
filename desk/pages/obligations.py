"""“What has to be known”: how what policies require was kept, for managers."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common import clock
from common.errors import Refused
from common.numbers import whole
from desk.answers import DeskRequest, desk_page, show
from desk.looks.reports.obligations import END_WORDS, duty_rows
from desk.pages.choosing import one_of
from reports import obligations
from reports.asking import PRESETS

if TYPE_CHECKING:
    from reports.obligations import EndedDuty

USUAL = 30
SHOWN = 50


@require_safe
@desk_page
def obligations_page(request: DeskRequest) -> HttpResponse:
    """By policy and obligation; with one of the figures chosen, the tickets behind it."""
    if not request.user.is_manager:
        raise Refused
    now = clock.now()
    days = one_of(request, "days", PRESETS, USUAL)
    since = now - timedelta(days=days)
    chosen = _chosen(request)
    context = {
        "days": days,
        "periods": PRESETS,
        "rows": duty_rows(obligations.compliance(request.user, since=since, until=now)),
        "ends": END_WORDS.values(),
        "here": f"?days={days}",
        "asked": f"&{urlencode(chosen)}" if chosen else "",
        "page": _tickets(request, chosen, since, now) if chosen else None,
        "t_tickets": str(END_WORDS.get(chosen.get("end", ""), _("Tickets"))),
        "now": now,
    }
    return show(request, "desk/obligations.html", context)


def _chosen(request: DeskRequest) -> dict[str, str]:
    """Which figure was followed; nothing where the address makes no sense."""
    given = {name: request.GET.get(name, "")[:80] for name in ("policy", "step", "fact", "end")}
    return given if whole(given["policy"]) is not None else {}


def _tickets(request: DeskRequest, chosen: dict[str, str], since: datetime, until: datetime) -> "Page[EndedDuty]":
    rows = obligations.ended(
        request.user,
        since=since,
        until=until,
        policy=int(chosen["policy"]),
        step=chosen["step"],
        fact=chosen["fact"],
    )
    found = rows.filter(end=chosen["end"]) if chosen["end"] else rows
    return Paginator(found, SHOWN).get_page(request.GET.get("page"))
