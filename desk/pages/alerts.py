"""What the reader was told: unread first. Opening the page reads nothing; a button does."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from common import clock
from common.errors import NotFound
from desk.answers import DeskRequest, desk_page, safe_next, show
from desk.looks.alerts import MOST, PAGE, alerts_look
from escalation import services
from notifications import actions
from notifications.models import Alert

TEMPLATES = {True: "desk/alerts/list.html", False: "desk/alerts/page.html"}


@require_safe
@desk_page
def alerts(request: DeskRequest) -> HttpResponse:
    wanted = request.GET.get("shown", "")
    shown = min(MOST, max(PAGE, int(wanted))) if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 else PAGE
    look = alerts_look(request.user, shown=shown, kind=request.GET.get("kind", ""))
    context = {"look": look, "shown": shown, "more": shown + PAGE}
    return show(request, TEMPLATES[bool(request.htmx)], context)


@require_POST
@desk_page
def read(request: DeskRequest, pk: int) -> HttpResponse:
    actions.mark_read(user=request.user, pk=pk, now=clock.now())
    return redirect(_here())


@require_POST
@desk_page
def read_all(request: DeskRequest) -> HttpResponse:
    actions.mark_all_read(user=request.user, now=clock.now())
    return redirect(_here())


@require_POST
@desk_page
def acknowledge(request: DeskRequest, pk: int) -> HttpResponse:
    """Acknowledges the escalation that an alert speaks of; the alert is read with it."""
    alert = Alert.objects.for_person(request.user).filter(pk=pk, escalation_number__isnull=False).first()
    if alert is None or alert.escalation_number is None:
        raise NotFound
    now = clock.now()
    services.acknowledge(user=request.user, number=alert.escalation_number, now=now)
    actions.mark_read(user=request.user, pk=pk, now=now)
    return redirect(safe_next(request, _here()))


def _here() -> str:
    return reverse("desk:alerts")
