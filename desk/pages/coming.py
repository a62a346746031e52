"""What is coming (R74): what nobody reaches in time, what is likely to be escalated, and how well it was foretold."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import clock
from common.configuring import configure
from common.errors import Refused
from desk.answers import BAD_INPUT, DeskRequest, blaming, desk_page, say, show
from desk.forms.forecast import ForecastTermsForm
from desk.looks.reports.coming import judged_look, likely_row, reach_row, readiness_look
from reports.forecast import engine, reading
from reports.forecast.keeping import speaking, terms
from reports.forecast.readiness import readiness
from reports.models import ForecastRun

SHOWN = 20
RUNS = 30
IN_SHADOW = 10


@require_safe
@desk_page
def coming_page(request: DeskRequest) -> HttpResponse:
    """For everybody who works at the desk, of what he may see."""
    now = clock.now()
    page = Paginator(reading.too_late(request.user), SHOWN).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "late": [reach_row(one) for one in page.object_list],
        "likely": [likely_row(one) for one in reading.likely(request.user, now=now)],
        "run": speaking(),
        "terms": terms(),
        "can_learn": engine.is_available(),
        "now": now,
    }
    return show(request, "desk/coming/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def score_page(request: DeskRequest) -> HttpResponse:
    """For managers: how the forecast was judged, night by night. Administrators switch it on and off."""
    if not request.user.is_manager or (request.method == "POST" and not request.user.is_admin):
        raise Refused
    form = ForecastTermsForm(request.POST if request.method == "POST" else None, instance=terms())
    if form.is_bound and form.is_valid():
        with blaming(form):
            configure(terms(), by=request.user, **form.cleaned_data)
            say(request, _("Saved."))
            return redirect("desk:score_card")
    run, now = speaking(), clock.now()
    judged = judged_look(run)
    context = {
        "form": form,
        "run": run,
        "terms": terms(),
        "judged": judged,
        "ready": readiness_look(readiness(now)) if judged is None and terms().is_wanted else None,
        "runs": ForecastRun.objects.all()[:RUNS],
        "shadow": [likely_row(one) for one in reading.in_shadow(request.user, most=IN_SHADOW)],
        "can_learn": engine.is_available(),
        "now": now,
    }
    return show(request, "desk/coming/score.html", context, status=BAD_INPUT if form.is_bound else 200)
