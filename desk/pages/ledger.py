"""One clock of a ticket, told so that it can be added up: a page, and with script a dialog over the ticket."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from common import clock as time
from common.errors import NotFound
from desk.answers import DeskRequest, desk_page, show
from desk.looks.ticket.honest import honest
from desk.looks.ticket.why import newest, rounds, tabs, why
from reports.pauses import words_of
from sla.explain import entries_of, lines_of, with_entries
from sla.honest import judge
from sla.models import Clock
from sla.statement import statement
from tickets.models import Ticket
from tickets.permissions import access_ticket


@require_safe
@desk_page
def ledger(request: DeskRequest, number: int) -> HttpResponse:
    """Managers also see which pauses look unjustified, administrators the lines as they are stored."""
    ticket = access_ticket(request.user, number)
    clocks = list(Clock.every.filter(ticket=ticket).select_related("calendar_version", "responsible_team"))
    context: dict[str, object] = {"ticket": ticket}
    if clocks:
        context |= _told(request, ticket, clocks)
    return show(request, "desk/ticket/ledger.html", context)


def _told(request: DeskRequest, ticket: Ticket, clocks: Sequence[Clock]) -> dict[str, object]:
    now = time.now()
    asked = Clock.every.filter(pk=_chosen(request, clocks).pk).select_related("responsible_team")
    chosen = with_entries(asked).get()
    lines = lines_of(chosen)
    told = statement(lines, until=now, zone=timezone.get_current_timezone())
    context: dict[str, object] = {
        "look": why(chosen, told, now),
        "tabs": tabs(clocks, chosen, now),
        "rounds": rounds(clocks, chosen),
        "clock": chosen,
    }
    if request.user.is_manager and not chosen.is_internal:
        context["honest"] = honest(judge(lines, words_of([ticket.number])[ticket.number], until=now), now)
    if request.user.is_admin:
        context["entries"] = entries_of(chosen)
    return context


def _chosen(request: DeskRequest, clocks: Sequence[Clock]) -> Clock:
    """The one that is asked for; without a question the promise that is due first."""
    metric, cycle = request.GET.get("clock", ""), request.GET.get("round", "")
    if not metric:
        return newest([clock for clock in clocks if not clock.is_internal] or clocks)[0]
    found = {str(clock.cycle): clock for clock in clocks if clock.metric == metric}
    if not found or (cycle and cycle not in found):
        raise NotFound
    return found[cycle] if cycle else newest(list(found.values()))[0]
