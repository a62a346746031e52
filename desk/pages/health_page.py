"""How the desk itself is doing, on one page; the same figures are in `/metrics` and `/readyz`. For administrators."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from desk.answers import BAD_INPUT, DeskRequest, admin_page, blaming, say, show_settings
from desk.forms.outside import OutsideForm
from desk.looks.settings.health import read_vitals, rounds, signs
from notifications import outside
from notifications.models import OutsideWatch


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def health(request: DeskRequest) -> HttpResponse:
    now = clock.now()
    form = OutsideForm(request.POST if request.method == "POST" else None, initial=_initial())
    if form.is_bound and form.is_valid():
        with blaming(form):
            row = outside.set_watch(**form.cleaned_data, by=request.user, now=now)
            say(request, _("It is called within a minute.") if row else _("Nobody outside is called any more."))
            return redirect("desk:health")
    vitals = read_vitals(now)
    found = signs(vitals, now)
    context = {
        "signs": found,
        "wrong": sum(one.tone in {"breach", "warn"} for one in found),
        "rounds": rounds(vitals, now),
        "form": form,
        "now": now,
    }
    return show_settings(request, "desk/settings/health.html", context, status=BAD_INPUT if form.is_bound else 200)


def _initial() -> dict[str, object]:
    row = OutsideWatch.objects.first()
    return {"url": row.url, "minutes": row.minutes} if row else {"minutes": 5}
