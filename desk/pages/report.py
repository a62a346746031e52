"""A report in its frame, the cases behind one of its numbers, and the same as a file."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.http import require_safe

from common import clock
from common.errors import NotFound
from desk.answers import BAD_INPUT, DeskRequest, desk_page, show
from desk.looks.reports.file import as_csv, as_xlsx
from desk.looks.reports.frame import Frame, frame_of
from desk.looks.reports.recommendations import RecommendationLook, fresh
from desk.looks.reports.report import Cases, bands_of, name_of
from desk.pages.export import FORMATS
from people.zones import zone_of
from reports.asking import Wanted, access_report, read
from reports.shape import Pick, Report
from reports.source import Source

SHOWN_CASES = 50
RECOMMENDED = 5
OF_CASES = ("figure", "cell", "page")
# Where a session keeps what was last asked rightly of each report.
KEPT = "reports"
FIRST = "overview"
WRITTEN = {"csv": as_csv, "xlsx": as_xlsx}


@require_safe
@desk_page
def reports_page(request: DeskRequest) -> HttpResponse:
    return redirect("desk:report", FIRST)


@require_safe
@desk_page
def report_page(request: DeskRequest, key: str) -> HttpResponse:
    """What is asked wrongly is said above the report as it was last asked rightly."""
    source = access_report(request.user, key)
    wanted = _wanted(request, source)
    shown = _last_good(request, source) if wanted.errors else wanted
    report, frame = _built(request, source, shown), _frame(request, source, shown)
    if not wanted.errors:
        _keep(request, source, wanted)
    context = {
        **_context(report, frame),
        "errors": [one for said in wanted.errors.values() for one in said],
        "recommended": _recommended(request) if key == FIRST else None,
    }
    return show(request, "desk/reports/report.html", context, status=BAD_INPUT if wanted.errors else 200)


@require_safe
@desk_page
def cases_page(request: DeskRequest, key: str) -> HttpResponse:
    """The tickets behind a number, as many as it says; what is asked wrongly the report itself says."""
    source = access_report(request.user, key)
    pick = Pick(request.GET.get("figure", ""), request.GET.get("cell", ""))
    wanted = _wanted(request, source, beside=OF_CASES)
    if wanted.errors:
        rest = {name: request.GET[name] for name in request.GET if name not in OF_CASES}
        return redirect(f"{reverse('desk:report', args=[key])}?{urlencode(rest)}")
    tickets = source.cases(request.user, wanted.asked, pick, now=clock.now())
    page = Paginator(tickets.with_people(), SHOWN_CASES).get_page(request.GET.get("page"))
    report, frame = _built(request, source, wanted), _frame(request, source, wanted)
    context = {"frame": frame, "report": report, "name": name_of(report, pick), "page": page}
    return show(request, "desk/reports/cases.html", context)


@require_safe
@desk_page
def report_file(request: DeskRequest, key: str, form: str) -> HttpResponse:
    source = access_report(request.user, key)
    wanted = _wanted(request, source)
    if form not in WRITTEN:
        raise NotFound
    if wanted.errors:
        said = " ".join(one for sentences in wanted.errors.values() for one in sentences)
        return show(request, "desk/inbox/no_export.html", {"error": said}, status=BAD_INPUT)
    span = wanted.asked.span
    name = f"{source.key}-{span.first}-{span.last}.{form}"
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Cache-Control": "private, no-store",
    }
    written = WRITTEN[form](_built(request, source, wanted), wanted)
    return HttpResponse(written, content_type=FORMATS[form][0], headers=headers)


def _recommended(request: DeskRequest) -> list[RecommendationLook]:
    return fresh(request.user, now=clock.now(), most=RECOMMENDED)


def _wanted(request: DeskRequest, source: Source, *, beside: tuple[str, ...] = ()) -> Wanted:
    query = {name: request.GET[name] for name in request.GET if name not in beside}
    return read_now(request, source, query)


def read_now(request: DeskRequest, source: Source, query: dict[str, str]) -> Wanted:
    """For this reader, today, by his own clock."""
    return read(query, source=source, user=request.user, today=_today(), zone=zone_of(request.user.time_zone))


def _frame(request: DeskRequest, source: Source, wanted: Wanted) -> Frame:
    return frame_of(request.user, source, wanted, today=_today())


def _today() -> date:
    return timezone.localtime(clock.now()).date()


def _built(request: DeskRequest, source: Source, wanted: Wanted) -> Report:
    return source.build(request.user, wanted.asked, now=clock.now())


def _keep(request: DeskRequest, source: Source, wanted: Wanted) -> None:
    kept = request.session.get(KEPT, {})
    if kept.get(source.key) != wanted.query:
        request.session[KEPT] = {**kept, source.key: dict(wanted.query)}


def _last_good(request: DeskRequest, source: Source) -> Wanted:
    """As it was last shown in this session, as far as that still means something."""
    kept = request.session.get(KEPT, {}).get(source.key, {})
    again = read_now(request, source, kept)
    return read_now(request, source, dict(again.query)) if again.errors else again


def _context(report: Report, frame: Frame) -> dict[str, Any]:
    cases = Cases(report.key, frame.wanted.query)
    return {"frame": frame, "report": report, "bands": bands_of(report, frame.wanted.asked, cases)}
