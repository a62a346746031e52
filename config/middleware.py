"""The middleware of this floor."""

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import async_to_sync, iscoroutinefunction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import sync_and_async_middleware

from common.refusals import kept
from desk.pages.health import livez, readyz
from people import factors

_NUL = "\x00"
PROBES: dict[str, Callable[[HttpRequest], Awaitable[HttpResponseBase]]] = {"/livez": livez, "/readyz": readyz}


@sync_and_async_middleware
def health(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Answer the probes first: sessions, zones and redirects would make them wait for what they are to judge."""
    if iscoroutinefunction(get_response):

        async def answer(request: HttpRequest) -> HttpResponseBase:
            probe = PROBES.get(request.path)
            response: HttpResponseBase = await (probe(request) if probe else get_response(request))
            return response

        return answer

    def answer_in_thread(request: HttpRequest) -> HttpResponseBase:
        probe = PROBES.get(request.path)
        response: HttpResponseBase = async_to_sync(probe)(request) if probe else get_response(request)
        return response

    return answer_in_thread


def refusals(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """What was refused in a request is remembered once its transactions are over."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        with kept():
            return get_response(request)

    return answer


class NulMiddleware:
    """NUL goes out of addresses, cookies and forms before anybody reads them: PostgreSQL keeps it in no text.

    Whoever sent it finds what he would have found without it. The API's bodies and mail have rules of their own.
    """

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        query = request.META["QUERY_STRING"]
        while "%00" in query:
            query = query.replace("%00", "")
        request.META["QUERY_STRING"] = query
        request.path, request.path_info = _bare(request.path), _bare(request.path_info)
        # A cookie in quotation marks has it as an escape.
        if any(_NUL in value for value in request.COOKIES.values()):
            request.COOKIES = {name: _bare(value) for name, value in request.COOKIES.items()}
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_given: Any) -> None:
        # What asks for no token is for programs, which may want the body as it came.
        if request.method != "POST" or getattr(view, "csrf_exempt", False):
            return
        if any(_NUL in value for _name, values in request.POST.lists() for value in values):
            bare = request.POST.copy()
            for name, values in request.POST.lists():
                bare.setlist(name, list(map(_bare, values)))
            request.POST = bare  # type: ignore[assignment] # as forms take it: nobody writes into it any more


def _bare(text: str) -> str:
    return text.replace(_NUL, "")


class SecondFactorMiddleware:
    """Whoever must have a second factor and has none sets one up, and can do nothing else with this session.

    The API is left alone: no session opens it, and a token is a key of its own.
    """

    sync_capable = True
    async_capable = False
    # Where a factor is set up, and the way out.
    OPEN = frozenset({"account_logout", "account_reauthenticate", "account_inactive"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not factors.is_due(request.session):
            return None
        name = match.view_name or ""
        if name in self.OPEN or name.startswith("mfa_") or request.path.startswith("/api/"):
            return None
        if request.htmx:  # type: ignore[attr-defined] # set by the middleware of htmx
            return HttpResponse(status=403, headers={"HX-Redirect": reverse("mfa_index")})
        if "text/html" in request.headers.get("Accept", "text/html"):
            return redirect("mfa_index")
        return HttpResponse(status=403)
