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
