"""From what happened to an answer: the guard of every desk page, and `common.errors` turned into pages.

Absent, foreign and forbidden records give the same page (DESIGN §3.11). What cannot be done now is a checklist
(409), wrong input is the form again with every word that was typed (422).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from common import clock
from common.errors import DomainError, InvalidInput, NotFound, Refused
from desk.looks.inbox.figures import ACTED, forget
from desk.looks.settings.rail import settings_rail
from people.models import User

BAD_INPUT = 422
CONFLICT = 409
FORBIDDEN = 403
UNAUTHORIZED = 401


class DeskRequest(HttpRequest):
    """A request behind the guard: somebody who works here has signed in."""

    user: User
    htmx: HtmxDetails


Page = Callable[..., HttpResponse]


def desk_page(view: Page) -> Page:
    """Only for people who work at the desk: others sign in, or learn that there is nothing here for them."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return sign_in_first(request)
        if not request.user.is_agent:
            return nothing_here(request)
        if request.method == "POST":
            forget(request.user)
        try:
            response = view(cast(DeskRequest, request), *args, **kwargs)
        except (NotFound, Refused):
            return nothing_here(request)
        return has_acted(response) if request.method == "POST" else response

    return guarded


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the sign-in, and from there to the page that was open. A page that asks for a part of itself is told 401:
    it says so where it stands (static/js/signed_out.js), and nothing that was typed on it goes with it."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=UNAUTHORIZED)
    return redirect_to_login(page_before(request) if request.method == "POST" else request.get_full_path())


def page_before(request: HttpRequest) -> str:
    """Where the form stood that was sent, for an address that may take forms alone."""
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host():
        return reverse("desk:inbox")
    return f"{page.path}?{page.query}" if page.query else page.path


def has_acted(response: HttpResponse) -> HttpResponse:
    """The next page may be drawn by another process, which keeps older figures (`desk.looks.inbox.figures`)."""
    response.set_cookie(
        ACTED,
        "1",
        max_age=settings.RAIL_KEPT_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def admin_page(view: Page) -> Page:
    """A page of the settings: for administrators, and for nobody else there."""

    @wraps(view)
    def guarded(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_admin:
            return nothing_here(request)
        return view(request, *args, **kwargs)

    return desk_page(guarded)


def rules_page(view: Page) -> Page:
    """A page of the settings for whoever sets the rules of escalation (R30)."""

    @wraps(view)
    def guarded(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.sets_rules:
            return nothing_here(request)
        return view(request, *args, **kwargs)

    return desk_page(guarded)


def nothing_here(request: HttpRequest, wrote: str = "") -> HttpResponse:
    """`wrote`: what he typed on a page that was his a moment ago."""
    return render(request, "nothing_here.html", {"wrote": wrote}, status=404)


def show(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page or a fragment, with the instant for which all its times are right."""
    response = render(request, template, {"now": clock.now(), **context}, status=status)
    # One address may answer with either, and a browser must not show the one it kept for the other.
    patch_vary_headers(response, ["HX-Request"])
    return response


def show_settings(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page of the settings, in their frame."""
    rail = SimpleLazyObject(lambda: settings_rail(cast(User, request.user)))
    return show(request, template, {"settings_rail": rail, **context}, status=status)


def say(request: HttpRequest, words: str, *, undo: str = "") -> None:
    """Tell on the next page what was done; `undo` is the address to which its Undo button posts."""
    messages.success(request, words, extra_tags=undo)


def blame(form: forms.BaseForm, error: DomainError) -> None:
    """Put the domain's sentences beside the fields of a bound form; what belongs to no field stands above it."""
    found = error.errors if isinstance(error, InvalidInput) else {"": [str(error)]}
    for name, sentences in found.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)


class blaming:  # noqa: N801 - read as the verb of a with-statement
    """What is refused in the block is said beside the fields of the form, and one goes on behind it."""

    def __init__(self, form: forms.BaseForm, *refusals: type[DomainError]) -> None:
        """Without `refusals` these are what is wrong with the input; other errors pass."""
        self._form, self._refusals = form, refusals or (InvalidInput,)

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if not isinstance(error, self._refusals):
            return False
        blame(self._form, error)
        return True


def blame_both(form: forms.BaseForm, second: forms.BaseForm, error: InvalidInput) -> None:
    """The same where two forms stand on one page: each sentence where its field is, else above the first."""
    theirs = {name: sentences for name, sentences in error.errors.items() if name in second.fields}
    rest = {name: sentences for name, sentences in error.errors.items() if name not in second.fields}
    blame(second, InvalidInput(theirs))
    blame(form, InvalidInput(rest))


def status_of(error: DomainError) -> int:
    return FORBIDDEN if isinstance(error, Refused) else BAD_INPUT


def safe_next(request: HttpRequest, fallback: str) -> str:
    """Where a small form wants to go back to, if that is a path of this desk."""
    wanted = request.POST.get("next", "")
    is_path = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_path else fallback
