"""The path of a request between event loop and threads, as uvicorn takes it."""

import asyncio
import threading
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path

from config.handler import Handler

seen: list[threading.Thread] = []


def in_a_thread(request: HttpRequest) -> HttpResponse:
    seen.append(threading.current_thread())
    return HttpResponse("page")


async def on_the_loop(request: HttpRequest) -> HttpResponse:
    seen.append(threading.current_thread())
    return HttpResponse("stream")


async def without_end(request: HttpRequest) -> StreamingHttpResponse:
    async def parts():
        try:
            yield b"first"
            await asyncio.Event().wait()
        finally:
            seen.append(threading.current_thread())

    return StreamingHttpResponse(parts())


urlpatterns = [path("page/", in_a_thread), path("stream/", on_the_loop), path("endless/", without_end)]


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


def _asked(*addresses: str) -> list[dict[str, Any]]:
    """What the server is told to send, of one request after the other; an endless answer is left at its first part."""
    sent: list[dict[str, Any]] = []

    async def ask(handler: Handler, address: str) -> None:
        scope = {
            "type": "http",
            "method": "GET",
            "path": address,
            "headers": [(b"host", b"localhost")],
            "query_string": b"",
        }
        messages = [{"type": "http.disconnect"}, {"type": "http.request", "body": b"", "more_body": False}]
        has_first = asyncio.Event()

        async def receive() -> dict[str, Any]:
            if len(messages) == 1:
                await has_first.wait()
            return messages.pop()

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)
            if message.get("body") == b"first":
                has_first.set()

        await handler(scope, receive, send)

    async def ask_all() -> None:
        handler = Handler()
        for address in addresses:
            await asyncio.wait_for(ask(handler, address), 5)

    asyncio.run(ask_all())
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


def test_a_stream_ends_when_nobody_listens_any_more():
    sent = _asked("/endless/")

    assert [message.get("body") for message in sent] == [None, b"first"]
    assert seen[-1] is threading.main_thread()


def test_each_request_has_a_beginning_and_an_end_and_a_page_has_both_in_its_thread():
    told: list[tuple[str, threading.Thread]] = []

    def began(**_signal: Any) -> None:
        told.append(("began", threading.current_thread()))

    def ended(**_signal: Any) -> None:
        told.append(("ended", threading.current_thread()))

    request_started.connect(began)
    request_finished.connect(ended)
    try:
        _asked("/page/", "/endless/", "/page/")
    finally:
        request_started.disconnect(began)
        request_finished.disconnect(ended)

    assert [what for what, _thread in told] == ["began", "ended"] * 3
    assert {thread for _what, thread in told[:2]} == {seen[0]}


def test_probes_take_no_thread(monkeypatch):
    monkeypatch.setattr("config.handler.Handler._in_thread", lambda *_given: pytest.fail("a thread was taken"))

    assert _asked("/livez")[0]["status"] == 200
