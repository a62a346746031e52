"""Why this policy: what it asks of a ticket and what was found, and where each of the others did not hold."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from common import clock
from desk.answers import DeskRequest, desk_page, show
from sla.matching import match_for
from sla.models import PolicyVersion
from tickets.permissions import access_ticket


@require_safe
@desk_page
def why_policy(request: DeskRequest, number: int) -> HttpResponse:
    """As the ticket is now. Its clocks keep the policy under which they began, which is said where it is another."""
    ticket = access_ticket(request.user, number)
    match = match_for(ticket, clock.now())
    newest = ticket.clocks.order_by("-pk").values("policy_version")[:1]
    promised = PolicyVersion.objects.filter(pk__in=newest).select_related("policy").first()
    context = {"ticket": ticket, "match": match, "promised": promised if promised != match.version else None}
    return show(request, "desk/ticket/why_policy.html", context)
