"""What the reader was told: unread first. Opening the page reads nothing; a button does."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from common import clock
from common.errors import NotFound
from desk.answers import DeskRequest, desk_page, safe_next, show
from desk.looks.alerts import alerts_look
from escalation import services
from notifications import actions
from notifications.models import Alert

LONGEST = 200
TEMPLATES = {True: "desk/alerts/list.html", False: "desk/alerts/page.html"}


@require_safe
@desk_page
def alerts(request: DeskRequest) -> HttpResponse:
    look = alerts_look(request.user, after=request.GET.get("after", "")[:LONGEST], kind=request.GET.get("kind", ""))
    more = {"kind": look.kind, "after": look.next}
    context = {
        "look": look,
        "here": urlencode({name: word for name, word in {**more, "after": look.after}.items() if word}),
        "first": urlencode({"kind": look.kind} if look.kind else {}),
        "onward": urlencode({name: word for name, word in more.items() if word}),
    }
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
