"""Reports: how the promises of the last thirty days were kept, and what became of the escalations."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from common import clock
from desk.answers import DeskRequest, desk_page, show
from desk.looks.charts import bars
from reports import compliance, escalations, ownership

SHOWN_UNOWNED = 5


@require_safe
@desk_page
def reports_page(request: DeskRequest) -> HttpResponse:
    now = clock.now()
    user, span = request.user, {"since": now - compliance.PERIOD, "until": now}
    kept = compliance.kept_promises(user, **span)
    missed = compliance.missed_by_day(user, **span)
    unowned = compliance.urgent_unowned(user)
    context = {
        "days": compliance.PERIOD.days,
        "kept": kept,
        "total": compliance.total(kept),
        "first_reply": compliance.first_reply(user, **span),
        "missed": missed,
        "missed_bars": bars([day.count for day in missed]),
        "causes": escalations.by_cause(user, **span),
        "states": escalations.by_state(user, **span),
        "unowned": list(unowned.with_people()[:SHOWN_UNOWNED]),
        "unowned_count": unowned.count(),
        "nobodys": ownership.unowned_by_team(user, **span),
        "now": now,
    }
    return show(request, "desk/reports.html", context)
