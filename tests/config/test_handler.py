"""The path of a request between event loop and threads, as uvicorn takes it."""

import asyncio
import threading
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.handler import Handler

seen: list[threading.Thread] = []


def in_a_thread(request: HttpRequest) -> HttpResponse:
    seen.append(threading.current_thread())
    return HttpResponse("page")


async def on_the_loop(request: HttpRequest) -> HttpResponse:
    seen.append(threading.current_thread())
    return HttpResponse("stream")


urlpatterns = [path("page/", in_a_thread), path("stream/", on_the_loop)]


def marked(get_response: Any) -> Any:
    def middleware(request: HttpRequest) -> Any:
        seen.append(threading.current_thread())
        return get_response(request)

    return middleware


@pytest.fixture(autouse=True)
def _small_desk(settings: Any) -> None:
    seen.clear()
    settings.ROOT_URLCONF = __name__
    inner = "django.middleware.clickjacking.XFrameOptionsMiddleware"
    settings.MIDDLEWARE = [f"{__name__}.marked", inner, f"{__name__}.marked"]


def _asked(address: str) -> list[dict[str, Any]]:
    """What the server is told to send."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": address,
        "headers": [(b"host", b"localhost")],
        "query_string": b"",
    }
    sent: list[dict[str, Any]] = []
    asked = False

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if asked:
            await asyncio.Event().wait()
        asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(Handler()(scope, receive, send))
    return sent


def test_all_of_the_middleware_and_the_view_share_one_thread():
    sent = _asked("/page/")

    assert (sent[0]["status"], sent[1]["body"]) == (200, b"page")
    assert len(seen) == 3
    assert len(set(seen)) == 1
    assert seen[0] is not threading.main_thread()


def test_a_view_that_is_a_coroutine_runs_on_the_loop():
    sent = _asked("/stream/")

    assert (sent[0]["status"], sent[1]["body"]) == (200, b"stream")
    assert seen[-1] is threading.main_thread()
