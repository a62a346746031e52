"""The calls about reports: the figures of the pages, and the tickets behind each."""

from typing import Any

from django.utils import timezone

from api.ask import Ask
from api.calls.sla import read as for_agents
from api.endpoint import endpoint
from api.inputs.reports import CaseParameters, ReportParameters
from api.pagination import page
from api.shapes.reports import FiguresShape, ReportList, figures_shape, line_shape
from api.shapes.tickets import TicketPage, ticket_shape, with_all
from people.zones import zone_of
from reports.asking import Wanted, access_report, read, reports_for
from reports.shape import Pick
from reports.source import Source

BESIDE = ("figure", "cell", "limit", "cursor")


def list_reports(ask: Ask) -> ReportList:
    """The reports that the caller may see."""
    known = reports_for(ask.user)
    return {"results": [line_shape(source, ask.links.to("report", key=source.key)) for source in known]}


def show_report(ask: Ask, key: str) -> FiguresShape:
    """One report with all its figures, of what the caller may see."""
    source = access_report(ask.user, key)
    asked = _wanted(ask, source).asked
    return figures_shape(source.build(ask.user, asked, now=ask.now), asked)


def list_cases(ask: Ask, key: str) -> TicketPage:
    """The tickets behind a number, exactly as many as it says, the newest first."""
    source = access_report(ask.user, key)
    pick = Pick(ask.parameters["figure"], ask.parameters["cell"])
    found = source.cases(ask.user, _wanted(ask, source).asked, pick, now=ask.now)
    results, next_ = page(with_all(found, ask.user), ask, lambda ticket: ticket_shape(ticket, ask.user, ask.links))
    return {"results": list(results), "next": next_}


def _wanted(ask: Ask, source: Source) -> Wanted:
    """Raises InvalidInput with a sentence for each parameter that is wrong."""
    query: dict[str, Any] = {name: value for name, value in ask.parameters.items() if name not in BESIDE}
    zone = zone_of(ask.user.time_zone)
    given = {name: str(value) for name, value in query.items() if value is not None}
    wanted = read(given, source=source, user=ask.user, today=timezone.localtime(ask.now, zone).date(), zone=zone)
    wanted.check()
    return wanted


reports = endpoint(GET=for_agents(list_reports, ReportList))
report = endpoint(GET=for_agents(show_report, FiguresShape, ReportParameters))
cases = endpoint(GET=for_agents(list_cases, TicketPage, CaseParameters))
