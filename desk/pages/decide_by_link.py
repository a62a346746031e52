"""The link of the mail that asks for a decision: it leads the one to whom it was sent to the decision, while it waits.

It needs his sign-in, and following it changes nothing: the button on the page does.
"""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common import clock
from common.errors import NotFound
from desk.answers import DeskRequest, desk_page, show
from escalation.alerting import links

GONE = 404


@never_cache
@require_safe
@desk_page
def decide_by_link(request: DeskRequest, token: str) -> HttpResponse:
    try:
        asked = links.ask_behind(token, request.user, clock.now())
    except NotFound as error:
        return show(request, "desk/decisions/gone.html", {"why": str(error)}, status=GONE)
    return redirect("desk:decision", asked.escalation_id)
