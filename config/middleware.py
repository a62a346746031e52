"""The middleware of this floor."""

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import async_to_sync, iscoroutinefunction
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from common.refusals import kept
from desk.pages.health import livez, readyz

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
