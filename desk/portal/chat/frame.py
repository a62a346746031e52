"""The frame's door: shown on the widget's own sites and nowhere else, for whoever has the word of its chat.

The word stands in the address and is all that opens the chat: no cookie that a browser sends by itself lets anybody
say anything, so the forms need no other proof of where they come from (SECURITY, CSRF). A cookie only remembers it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import get_language_from_request, override
from django.views.decorators.csrf import csrf_exempt

from common import clock
from common.errors import NotFound
from desk.answers import nothing_here, show
from visits.enums import GOOD_FOR
from visits.models import Widget
from visits.permissions import access_visit, access_widget

Page = Callable[..., HttpResponse]
GONE = 404


def widget_page(view: Page) -> Page:
    """A page of the frame: `view(request, widget, …)`, in a language that the widget has."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, key: str, **path: Any) -> HttpResponse:
        try:
            widget = access_widget(key)
        except NotFound:
            return nothing_here(request)
        with override(language_of(request, widget)):
            return framed(view(request, widget, **path), widget)

    return guarded


def visit_page(view: Page) -> Page:
    """A page of one chat: `view(request, visit, …)`, in its own language. What is over can be begun anew."""

    @wraps(view)
    def guarded(request: HttpRequest, widget: Widget, word: str, **path: Any) -> HttpResponse:
        try:
            visit = access_visit(word, widget=widget, now=clock.now())
            with override(visit.language):
                return view(request, visit, **path)
        except NotFound:
            return show(request, "portal/chat/gone.html", {"widget": widget}, status=GONE)

    return widget_page(guarded)


def framed(response: HttpResponse, widget: Widget) -> HttpResponse:
    response.xframe_options_exempt = True
    response._csp_replace = {"frame-ancestors": ["'self'", *widget.sites]}  # type: ignore[attr-defined] # by django-csp
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


def language_of(request: HttpRequest, widget: Widget) -> str:
    """The site's own where it says one, else the browser's; the widget's first where it has neither."""
    spoken = widget.spoken
    for wanted in (request.GET.get("lang", "").lower(), get_language_from_request(request)):
        found = next((one for one in spoken if wanted in {one, one.partition("-")[0]} or one == wanted[:2]), None)
        if wanted and found:
            return found
    return spoken[0]


def remembered(request: HttpRequest, widget: Widget) -> str:
    return request.COOKIES.get(_cookie(widget), "")


def remember(response: HttpResponseBase, widget: Widget, word: str) -> None:
    """For the next page of the same site and for no other (CHIPS); a browser that keeps no such cookie begins anew."""
    name = _cookie(widget)
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(
        name,
        word,
        max_age=GOOD_FOR,
        secure=secure,
        httponly=True,
        # Over plain HTTP browsers keep no cookie of a foreign frame.
        samesite="None" if secure else "Lax",
    )
    if secure:
        # Django 5.2 knows no such attribute, and the standard library's cookies none before Python 3.14.
        response.cookies[name]["samesite"] = "None; Partitioned"


def forget(response: HttpResponseBase, widget: Widget) -> None:
    remember(response, widget, "")
    response.cookies[_cookie(widget)]["max-age"] = 0


def _cookie(widget: Widget) -> str:
    return f"{'__Host-' if settings.SESSION_COOKIE_SECURE else ''}chat-{widget.key}"
