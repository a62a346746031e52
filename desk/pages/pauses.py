"""“Pauses that look unjustified”, for managers."""

from datetime import timedelta

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from common import clock
from common.errors import Refused
from desk.answers import DeskRequest, desk_page, show
from desk.looks.reports.pauses import kind_rows, pause_rows, person_rows
from desk.pages.choosing import one_of
from reports import pauses
from reports.asking import PRESETS

USUAL = 30
SHOWN = 50


@require_safe
@desk_page
def pauses_page(request: DeskRequest) -> HttpResponse:
    if not request.user.is_manager:
        raise Refused
    now = clock.now()
    days = one_of(request, "days", PRESETS, USUAL)
    looked = pauses.unjustified(request.user, since=now - timedelta(days=days), until=now, now=now)
    page = Paginator(looked.found, SHOWN).get_page(request.GET.get("page"))
    context = {
        "days": days,
        "periods": PRESETS,
        "looked": looked,
        "rows": pause_rows(page.object_list, now),
        "kinds": kind_rows(looked.by_kind),
        "people": person_rows(looked.by_whom),
        "page": page,
        "now": now,
    }
    return show(request, "desk/reports/pauses.html", context)
