"""Status by mail: a customer says so on the page, a stranger confirms by a link; whoever has had enough, by another.

Links need no sign-in. Following one does nothing; its button does, or a mail program's own (RFC 8058), which has no
session and so no token of a form.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from common import clock
from common.errors import DomainError, InvalidInput, NotAllowedNow, NotFound
from common.networks import home_of
from desk.answers import BAD_INPUT, CONFLICT, blame, show
from desk.portal.forms import AddressForm
from desk.portal.status import not_for, reader_of, seen
from escalation.communicate import subscribing
from tickets.models import Service

GONE = 404
PAGE = "portal/subscription.html"
_NETWORK = "desk.portal.subscribing"


@require_POST
def subscribe(request: HttpRequest, slug: str) -> HttpResponse:
    """One press for a customer; whoever has not signed in is sent a link."""
    reader, found = reader_of(request), seen(request, slug)
    if found is None:
        return not_for(request, reverse("portal:service", args=[slug]))
    if reader is None:
        return _ask(request, found)
    try:
        if request.POST.get("on") == "1":
            subscribing.subscribe(person=reader, service=found, now=clock.now())
            messages.success(request, _("You hear of it by mail."))
        else:
            subscribing.unsubscribe(person=reader, service=found)
            messages.success(request, _("No more mail about it."))
    except InvalidInput as error:
        messages.error(request, str(error))
    return redirect("portal:service", slug)


def _ask(request: HttpRequest, found: Service) -> HttpResponse:
    form, status = AddressForm(request.POST), BAD_INPUT
    if form.is_valid():
        try:
            network = network_of(request.META.get("REMOTE_ADDR", ""))
            said = {"language": get_language() or "", "network": network, **form.cleaned_data}
            subscribing.ask(service=found, now=clock.now(), **said)
        except DomainError as error:
            status = CONFLICT if isinstance(error, NotAllowedNow) else BAD_INPUT
            blame(form, error)
        else:
            return show(request, PAGE, {"state": "sent", "service": found, "address": form.cleaned_data["address"]})
    return show(request, PAGE, {"state": "", "service": found, "form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    try:
        found = subscribing.subscription_to_confirm(token)
        if request.method == "POST":
            subscribing.confirm(token=token, now=clock.now())
    except NotFound as error:
        return _gone(request, error)
    state = "confirmed" if request.method == "POST" or found.confirmed_at else "confirm"
    return show(request, PAGE, {"state": state, "service": found.service})


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    try:
        if request.method == "POST":
            found = subscribing.stop(token=token, every=request.POST.get("every") == "1")
        else:
            found, _address = subscribing.service_to_stop(token)
    except NotFound as error:
        return _gone(request, error)
    return show(request, PAGE, {"state": "stopped" if request.method == "POST" else "stop", "service": found})


def network_of(address: str) -> str:
    """A digest of where somebody calls from; it tells one network from others and names none."""
    home = home_of(address)
    return salted_hmac(_NETWORK, home, algorithm="sha256").hexdigest()[:32] if home else ""


def _gone(request: HttpRequest, error: NotFound) -> HttpResponse:
    return show(request, PAGE, {"state": "gone", "why": str(error)}, status=GONE)
