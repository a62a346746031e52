"""Reports: how the promises of the last thirty days were kept, and what became of the escalations."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from common import clock
from common.errors import Refused
from desk.answers import DeskRequest, desk_page, show
from desk.looks.charts import bars
from desk.looks.pauses import kind_rows, pause_rows, person_rows
from reports import compliance, escalations, ownership, pauses

SHOWN_UNOWNED = 5
SHOWN_PAUSES = 50
WEEKS = 8


@require_safe
@desk_page
def month_page(request: DeskRequest) -> HttpResponse:
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
        "weeks": escalations.by_week(user, weeks=WEEKS, until=now),
        "unowned": list(unowned.with_people()[:SHOWN_UNOWNED]),
        "unowned_count": unowned.count(),
        "nobodys": ownership.unowned_by_team(user, **span),
        "now": now,
    }
    return show(request, "desk/reports.html", context)


@require_safe
@desk_page
def pauses_page(request: DeskRequest) -> HttpResponse:
    """For managers: the pauses of the last thirty days that look unjustified, and what they are worth."""
    if not request.user.is_manager:
        raise Refused
    now = clock.now()
    span = {"since": now - compliance.PERIOD, "until": now}
    looked = pauses.unjustified(request.user, **span, now=now)
    page = Paginator(looked.found, SHOWN_PAUSES).get_page(request.GET.get("page"))
    reported = compliance.total(compliance.kept_promises(request.user, **span))
    context = {
        "days": compliance.PERIOD.days,
        "looked": looked,
        "reported": reported,
        "without": reported.without(looked.turned),
        "rows": pause_rows(page.object_list, now),
        "kinds": kind_rows(looked.by_kind),
        "people": person_rows(looked.by_whom),
        "page": page,
        "now": now,
    }
    return show(request, "desk/pauses.html", context)
