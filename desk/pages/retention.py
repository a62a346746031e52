"""How long data is kept: looked at first, then saved; and what is held back. For administrators."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common import clock
from common.configuring import configure, remove
from common.models import Retention
from desk.answers import BAD_INPUT, DeskRequest, admin_page, blaming, say, show_settings
from desk.forms.retention import HoldForm, RetentionForm
from desk.looks.settings.retention import lines, nights
from people.models import User
from tickets import forgetting
from tickets.models import Hold


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def retention(request: DeskRequest) -> HttpResponse:
    """`deed=look` says what would go by what was typed; nothing is kept then."""
    form = RetentionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and request.POST.get("deed") == "save":
        _keep(form, request.user)
        say(request, _("Saved. What is old enough goes tonight."))
        return redirect("desk:retention")
    return _show(request, form, HoldForm(), wrong=form.is_bound and not form.is_valid())


@require_POST
@admin_page
def hold(request: DeskRequest) -> HttpResponse:
    form = HoldForm(request.POST)
    if form.is_valid():
        with blaming(form):
            row = forgetting.hold(**form.cleaned_data, by=request.user, now=clock.now())
            say(request, _("%(what)s is kept, whatever its age.") % {"what": row})
            return redirect("desk:retention")
    return _show(request, RetentionForm(), form, wrong=True)


@require_POST
@admin_page
def release(request: DeskRequest, pk: int) -> HttpResponse:
    forgetting.release(pk=pk, by=request.user)
    return redirect("desk:retention")


def _show(request: DeskRequest, form: RetentionForm, holding: HoldForm, *, wrong: bool) -> HttpResponse:
    now = clock.now()
    context = {
        "form": form,
        "lines": lines(form, now=now),
        "is_look": form.is_bound and not wrong,
        "hold_form": holding,
        "holds": Hold.objects.select_related("ticket", "organisation", "by"),
        "nights": nights(),
    }
    return show_settings(request, "desk/settings/retention.html", context, status=BAD_INPUT if wrong else 200)


@transaction.atomic
def _keep(form: RetentionForm, by: User) -> None:
    there = {row.kind: row for row in Retention.objects.all()}
    for kind, days in form.periods.items():
        configure(there.pop(kind) if kind in there else Retention(kind=kind), by=by, days=days)
    for row in there.values():
        remove(row, by=by)
