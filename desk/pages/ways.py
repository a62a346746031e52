"""How a person is alerted: kinds and channels, quiet hours, and the ways by which he is reached."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from common import clock
from common.errors import InvalidInput, NotFound
from desk.answers import BAD_INPUT, DeskRequest, blaming, desk_page, show
from desk.forms.alerting import AlertingForm
from notifications import messengers, preferring, pushing, ways
from notifications.enums import Channel
from notifications.models import Way
from people.devices import device

GONE = 404


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def alerting(request: DeskRequest) -> HttpResponse:
    kept = preferring.preferences_of(request.user)
    form = AlertingForm(request.POST if request.method == "POST" else None, preferences=kept)
    if form.is_bound and form.is_valid():
        with blaming(form):
            preferring.set_preferences(person=request.user, **form.wanted)
            messages.success(request, _("You are alerted like that from now on."))
            return redirect("desk:alerting")
    return _page(request, form=form, status=BAD_INPUT if form.is_bound else 200)


@require_POST
@desk_page
def ask_to_confirm(request: DeskRequest) -> HttpResponse:
    ways.ask_to_confirm(person=request.user, now=clock.now())
    messages.success(request, _("A mail with a link is on its way to %(email)s.") % {"email": request.user.email})
    return redirect("desk:alerting")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def confirm(request: DeskRequest, token: str) -> HttpResponse:
    """The link of the mail shows a button; the button confirms."""
    try:
        if request.method != "POST":
            way = ways.way_behind(token, request.user, clock.now())
            return show(request, "profile/confirm.html", {"way": way})
        way = ways.confirm(token=token, person=request.user, now=clock.now())
    except NotFound as error:
        return show(request, "profile/link_gone.html", {"why": str(error)}, status=GONE)
    messages.success(request, _("%(email)s is confirmed.") % {"email": way.target})
    return redirect("desk:alerting")


@require_POST
@desk_page
def add_messenger(request: DeskRequest) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in ("target", "label")}
    try:
        ways.add_messenger(person=request.user, now=clock.now(), **typed)
    except InvalidInput as error:
        return _page(request, status=BAD_INPUT, typed=typed, wrong=str(error))
    messages.success(request, _("A code is on its way through it; type it below."))
    return redirect("desk:alerting")


@require_POST
@desk_page
def add_browser(request: DeskRequest) -> HttpResponse:
    """Sent by `push.js` once the browser has said yes."""
    try:
        subscription = json.loads(request.POST.get("subscription", ""))
        label = ", ".join(filter(None, device(request.headers.get("User-Agent", ""))))
        ways.add_browser(person=request.user, subscription=subscription, label=label, now=clock.now())
    except (ValueError, RecursionError):
        return _page(request, status=BAD_INPUT, wrong=_("This browser's subscription cannot be used."))
    except InvalidInput as error:
        return _page(request, status=BAD_INPUT, wrong=str(error))
    messages.success(request, _("This browser is alerted from now on, open or not."))
    return redirect("desk:alerting")


@require_POST
@desk_page
def enter_code(request: DeskRequest, pk: int) -> HttpResponse:
    try:
        way = ways.enter_code(person=request.user, pk=pk, code=request.POST.get("code", "")[:20], now=clock.now())
    except InvalidInput as error:
        return _page(request, status=BAD_INPUT, wrong=str(error))
    messages.success(request, _("You are alerted by %(name)s from now on.") % {"name": way.label})
    return redirect("desk:alerting")


@require_POST
@desk_page
def send_code(request: DeskRequest, pk: int) -> HttpResponse:
    ways.send_code(way=ways.own_way(request.user, pk), now=clock.now())
    messages.success(request, _("A new code is on its way."))
    return redirect("desk:alerting")


@require_POST
@desk_page
def remove(request: DeskRequest, pk: int) -> HttpResponse:
    ways.remove(person=request.user, pk=pk)
    messages.success(request, _("It is not used any more."))
    return redirect("desk:alerting")


def _page(request: DeskRequest, *, form: AlertingForm | None = None, status: int = 200, **more: Any) -> HttpResponse:
    own = list(Way.objects.filter(person=request.user))
    confirmed = next((way for way in own if way.channel == Channel.EMAIL and way.target == request.user.email), None)
    has_push = pushing.is_installed()
    context = {
        "form": form or AlertingForm(preferences=preferring.preferences_of(request.user)),
        "ways": [way for way in own if way.channel != Channel.EMAIL],
        "confirmed_at": confirmed.verified_at if confirmed else None,
        "messengers": messengers.is_installed(),
        "schemes": [f"{name}://" for name in (*messengers.SERVICES, *messengers.SELF_HOSTED)],
        "push_key": pushing.public_key() if has_push else "",
        **more,
    }
    return show(request, "profile/alerting.html", context, status=status)
