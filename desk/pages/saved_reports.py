"""Saved reports: opened by their link, made of the report at hand, changed, deleted."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.errors import DomainError, Refused
from desk.answers import BAD_INPUT, DeskRequest, blaming, desk_page, say, show
from desk.forms.saved_reports import SavedReportForm
from desk.forms.views import ALL
from desk.looks.reports.saved import saved_rows
from desk.pages.report import read_now
from reports.asking import access_report
from reports.models import SavedReport
from reports.saved import access_saved, delete_saved, save_report, visible_reports

SHOWN = 50


@require_safe
@desk_page
def saved_list(request: DeskRequest) -> HttpResponse:
    """His own and those that others share with him."""
    page = Paginator(visible_reports(request.user), SHOWN).get_page(request.GET.get("page"))
    return show(request, "desk/reports/saved.html", {"page": page, "rows": saved_rows(request.user, page.object_list)})


@require_safe
@desk_page
def open_saved(request: DeskRequest, pk: int) -> HttpResponse:
    """The report as it is saved, as far as whoever follows the link may see it."""
    saved = access_saved(request.user, pk)
    access_report(request.user, saved.report)
    return _to(saved)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new_saved(request: DeskRequest, key: str) -> HttpResponse:
    source = access_report(request.user, key)
    if not request.user.is_manager:
        raise Refused
    query = dict(read_now(request, source, {name: request.GET[name] for name in request.GET}).query)
    return _form(request, SavedReport(report=key, query=query), None)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def change_saved(request: DeskRequest, pk: int) -> HttpResponse:
    saved = access_saved(request.user, pk, to_change=True)
    access_report(request.user, saved.report)
    return _form(request, saved, saved)


@require_POST
@desk_page
def remove_saved(request: DeskRequest, pk: int) -> HttpResponse:
    delete_saved(user=request.user, pk=pk)
    say(request, _("The saved report is deleted."))
    return redirect("desk:saved_reports")


def _form(request: DeskRequest, wanted: SavedReport, saved: SavedReport | None) -> HttpResponse:
    """The form, until what is in it can be saved."""
    form = SavedReportForm(request.POST or None, user=request.user, saved=saved)
    if request.method == "POST" and form.is_valid():
        audience = form.cleaned_data["audience"]
        with blaming(form, DomainError):
            row = save_report(
                user=request.user,
                name=form.cleaned_data["name"],
                report=wanted.report,
                query=wanted.query,
                plan=form.plan,
                team=form.teams.get(audience),
                for_all=audience == ALL,
                saved=saved,
                now=clock.now(),
            )
            say(request, _("The report “%(name)s” is saved.") % {"name": row.name})
            return _to(row)
    context = {"form": form, "saved": saved, "wanted": wanted, "query": urlencode(wanted.query)}
    return show(request, "desk/reports/save.html", context, status=BAD_INPUT if form.is_bound else 200)


def _to(saved: SavedReport) -> HttpResponse:
    return redirect(f"{reverse('desk:report', args=[saved.report])}?{urlencode(saved.query)}")
