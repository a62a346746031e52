"""How the desk itself is doing, on one page; the same figures are in `/metrics` and `/readyz`. For administrators."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from common import clock
from desk.answers import DeskRequest, admin_page, show_settings
from desk.looks.health import read_vitals, rounds, signs


@require_safe
@admin_page
def health(request: DeskRequest) -> HttpResponse:
    now = clock.now()
    vitals = read_vitals(now)
    found = signs(vitals, now)
    context = {
        "signs": found,
        "wrong": sum(one.tone in {"breach", "warn"} for one in found),
        "rounds": rounds(vitals, now),
        "now": now,
    }
    return show_settings(request, "desk/settings/health.html", context)
