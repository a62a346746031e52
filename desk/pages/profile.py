"""The reader's own settings and sign-ins, for everybody who has signed in, customers too."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import InvalidInput
from desk.answers import BAD_INPUT, DeskRequest, blaming, desk_page, safe_next, show
from desk.forms.keys import KeysForm
from desk.forms.profile import ProfileForm
from desk.looks.keys import STANDARD
from people import sign_ins
from people.actions import set_own_keys, set_profile, set_theme
from people.enums import Theme
from people.zones import zone_choices

# What the buttons send, and what is kept: the system decides where nothing is.
THEMES = {"system": Theme.SYSTEM, "light": Theme.LIGHT, "dark": Theme.DARK}


def own_page(view: Callable[[DeskRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """For everybody who has signed in."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        return view(cast(DeskRequest, request))

    return login_required(guarded)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def profile(request: DeskRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        with blaming(form):
            set_profile(user=request.user, **form.cleaned_data)
            with override(form.cleaned_data["language"]):
                messages.success(request, _("Your settings are saved."))
            return redirect("desk:profile")
    return _page(request, form=form)


@require_POST
@desk_page
def keys(request: DeskRequest) -> HttpResponse:
    """His own single keys, or the standard ones again."""
    form = KeysForm({} if "standard" in request.POST else request.POST, own=request.user.own_keys)
    if form.is_valid():
        try:
            set_own_keys(user=request.user, wanted=form.wanted(), standard=STANDARD)
        except InvalidInput as error:
            form.blame(error)
        else:
            messages.success(request, _("Your keys are saved."))
            return redirect(reverse("desk:profile") + "#keys")
    return _page(request, keys=form)


def _page(request: DeskRequest, *, form: ProfileForm | None = None, keys: KeysForm | None = None) -> HttpResponse:
    form = form or ProfileForm(user=request.user)
    keys = keys or KeysForm(own=request.user.own_keys)
    context = {
        "frame": "desk/base.html" if request.user.is_agent else "portal/base.html",
        "form": form,
        "keys_form": keys,
        "zones": zone_choices(get_language()),
    }
    return show(request, "profile/page.html", context, status=BAD_INPUT if form.is_bound or keys.is_bound else 200)


@require_POST
@own_page
def end_other_sign_ins(request: DeskRequest) -> HttpResponse:
    ended = sign_ins.end_others(request, request.user)
    said = ngettext("%(n)d other sign-in is ended.", "%(n)d other sign-ins are ended.", ended) % {"n": ended}
    messages.success(request, said)
    return redirect("mfa_index")


@require_POST
@own_page
def theme(request: DeskRequest) -> HttpResponse:
    chosen = THEMES.get(request.POST.get("theme", ""))
    if chosen is None:
        return HttpResponseBadRequest()
    set_theme(user=request.user, theme=chosen)
    return redirect(safe_next(request, "/"))
