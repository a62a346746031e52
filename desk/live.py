"""Live updates for a page: a stream of server-sent events, and the same by asking for those who cannot have one.

    event: hello    data: {"cursor", "now", "engine"}
    event: change   data: {"tickets": [4821], "escalations": [207], "alerts": true, "present": [4821], "rooms": [3],
                           "cursor", "now", "engine"}
    event: beat     data: {"now", "engine"}, every 15 s, after a comment that keeps proxies awake

Only numbers travel; what has become of them is asked at the pages, which check who asks. `engine` is when the sweep
last ran, so that a page notices a dead engine.
"""

import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from asgiref.sync import SyncToAsync, sync_to_async
from django.contrib.auth import get_user
from django.db import connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from common import clock
from desk import changes
from desk.changes import Change, Cursor, News
from desk.hub import Hub, Stream, Who, hub, in_thread
from people.models import User
from people.sessions import SessionStore

HEARTBEAT = 15.0
CHECK_EVERY = 60.0
RETRY_MILLISECONDS = 3000


@require_GET
async def live(request: HttpRequest) -> HttpResponseBase:
    """The stream. 401 without a sign-in, 429 when one person holds too many: the page then asks instead."""
    user = await request.auser()
    if not user.is_authenticated:
        return HttpResponse(status=401)
    key = request.session.session_key or ""
    return stream_for(request, Listener(user.pk, partial(_of_person, user.pk), partial(_is_signed_in, key, user.pk)))


@dataclass(frozen=True, slots=True)
class Listener:
    """Who listens, what of the news he may hear, and whether he may still listen; both ask the database."""

    who: Who
    hears: Callable[[News], Change]
    is_welcome: Callable[[], bool]


def stream_for(request: HttpRequest, listener: Listener) -> HttpResponseBase:
    house = hub()
    if house.is_full(listener.who):
        return HttpResponse(status=429)
    since = Cursor.parse(request.headers.get("Last-Event-ID", "") or request.GET.get("since", ""))
    return StreamingHttpResponse(
        _frames(house, listener, since),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@require_GET
def live_poll(request: HttpRequest) -> HttpResponse:
    """`?since=<cursor>`: what has changed, and the cursor for the next question. Without one, the last seconds."""
    if not isinstance(request.user, User):
        return JsonResponse({"error": "sign in"}, status=401)
    now = clock.now()
    news = changes.news_since(Cursor.parse(request.GET.get("since", "")), now=now)
    answer = _as_data(changes.for_person(request.user, news), news.cursor, now, news.engine)
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})


async def _frames(house: Hub, listener: Listener, since: Cursor | None) -> AsyncIterator[str]:
    await _give_back_thread()
    stream = await house.join(listener.who)
    try:
        # Joined first, caught up second: what falls between is told twice rather than never.
        change, cursor, now, engine = await in_thread(lambda: _catch_up(listener, since))
        yield f"retry: {RETRY_MILLISECONDS}\n\n"
        yield _frame("hello", {"cursor": str(cursor), "now": now.isoformat(), "engine": _iso(engine)}, cursor)
        if change:
            yield _frame("change", _as_data(change, cursor, now, engine), cursor)
        async for frame in _go_on(house, stream, listener):
            yield frame
    finally:
        house.leave(stream)


async def _go_on(house: Hub, stream: Stream, listener: Listener) -> AsyncIterator[str]:
    """News as it comes and a beat in silence, until the person has signed out or was sent away."""
    checked = time.monotonic()
    while True:
        taken = await stream.take(HEARTBEAT)
        if time.monotonic() - checked >= CHECK_EVERY:
            if not await in_thread(listener.is_welcome):
                return
            checked = time.monotonic()
        now = clock.now()
        if taken is None:
            yield ": beat\n\n" + _frame("beat", {"now": now.isoformat(), "engine": _iso(house.engine)})
        else:
            change, cursor = taken
            yield _frame("change", _as_data(change, cursor, now, house.engine), cursor)


def _catch_up(listener: Listener, since: Cursor | None) -> tuple[Change, Cursor, datetime, datetime | None]:
    clock.synchronise()
    now = clock.now()
    news = changes.news_since(since, now=now)
    return listener.hears(news), news.cursor, now, news.engine


def _of_person(user_pk: int, news: News) -> Change:
    user = User.objects.filter(pk=user_pk).first()
    return changes.for_person(user, news) if user else Change()


def _is_signed_in(session_key: str, user_pk: int) -> bool:
    """The session is still there, still this person's, and the person is still welcome."""
    request = HttpRequest()
    request.session = SessionStore(session_key)
    user = get_user(request)
    return user.is_authenticated and user.pk == user_pk


async def _give_back_thread() -> None:
    """Let go of the thread and the connection that this request's middleware used.

    Under ASGI both belong to a request until its response ends, and a stream's response ends when the page is left.
    """
    await sync_to_async(_close_idle_connections)()
    context = SyncToAsync.thread_sensitive_context.get(None)
    executor = SyncToAsync.context_to_thread_executor.pop(context, None) if context else None
    if executor is not None:
        executor.shutdown(wait=False)


def _close_idle_connections() -> None:
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()


def _as_data(change: Change, cursor: Cursor, now: datetime, engine: datetime | None) -> dict[str, Any]:
    return {
        "cursor": str(cursor),
        "tickets": sorted(change.tickets),
        "escalations": sorted(change.escalations),
        "alerts": change.alerts,
        "present": sorted(change.present),
        "rooms": sorted(change.rooms),
        "now": now.isoformat(),
        "engine": _iso(engine),
    }


def _frame(event: str, data: dict[str, Any], cursor: Cursor | None = None) -> str:
    identity = f"id: {cursor}\n" if cursor is not None else ""
    return f"{identity}event: {event}\ndata: {json.dumps(data)}\n\n"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
