"""The link of the mail that alerts: it shows what is the matter, and a button. Following it acknowledges nothing.

It needs the sign-in of somebody who was alerted, and serves once in each round of the ladder (SECURITY).
"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common import clock
from common.errors import NotFound
from desk.answers import DeskRequest, desk_page, show
from escalation import services
from escalation.alerting import links

GONE = 404


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def acknowledge_by_link(request: DeskRequest, token: str) -> HttpResponse:
    try:
        escalation = links.escalation_behind(token, request.user)
    except NotFound as error:
        return show(request, "profile/link_gone.html", {"why": str(error)}, status=GONE)
    if request.method != "POST":
        return show(request, "desk/alerts/acknowledge.html", {"escalation": escalation})
    services.acknowledge(user=request.user, number=escalation.number, now=clock.now())
    messages.success(request, _("You have acknowledged %(ref)s: the ladder stops.") % {"ref": escalation.reference})
    return redirect("desk:escalation", escalation.number)
