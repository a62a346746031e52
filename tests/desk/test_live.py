"""The stream and its fallback."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connections
from django.test import AsyncRequestFactory, Client

from common import heartbeat
from desk import hub as hub_module
from desk import live as live_module
from desk.hub import Hub, hub, in_thread
from desk.live import live
from people.models import User
from people.sessions import SessionStore
from tickets import actions as tickets

pytestmark = pytest.mark.each

WITHIN = 10


class Listener:
    """One browser: its stream, event by event."""

    def __init__(self, frames: AsyncIterator[Any]) -> None:
        self._frames = frames

    async def event(self, name: str) -> dict:
        async with asyncio.timeout(WITHIN):
            async for frame in self._frames:
                text = frame.decode() if isinstance(frame, bytes) else frame
                if f"event: {name}\n" in text:
                    return json.loads(text.partition("data: ")[2])
        raise AssertionError("The stream ended.")

    async def ends(self) -> bool:
        async with asyncio.timeout(WITHIN):
            async for _frame in self._frames:
                pass
        return True


@pytest.fixture(autouse=True)
def hurried(monkeypatch):
    """The same stream, looked after more often."""
    monkeypatch.setattr(hub_module, "PAUSE", 0.02)
    monkeypatch.setattr(live_module, "HEARTBEAT", 0.05)


async def _open(user: User, session: SessionStore, **headers: str) -> Listener:
    request = AsyncRequestFactory().get("/live/", headers=headers)
    request.session = session

    async def signed_in() -> User:
        return user

    request.auser = signed_in
    answer = await live(request)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/event-stream"
    return Listener(aiter(answer.streaming_content))


def _session_of(user: User) -> SessionStore:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "people.backends.PasswordBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session


def run(story: Callable[[], Any]) -> Any:
    try:
        return asyncio.run(story())
    finally:
        # The pool's threads outlive the loop; their connections must not outlive the test's database.
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_a_stream_begins_with_a_cursor_and_hears_of_a_reply(open_ticket, anna, cora, time):
    ticket, session = open_ticket(), _session_of(cora)
    time.move_to(time.now + timedelta(minutes=1))

    async def story():
        listener = await _open(cora, session)
        hello = await listener.event("hello")
        await in_thread(lambda: tickets.reply(ticket=ticket, author=anna, body="Here.", now=time.now))
        return hello, await listener.event("change")

    hello, change = run(story)

    assert set(hello) == {"cursor", "now", "engine"}
    assert change["tickets"] == [ticket.number]
    assert change["alerts"] is False
    assert change["cursor"] != hello["cursor"]


@pytest.mark.django_db(transaction=True)
def test_a_stream_that_comes_back_hears_what_it_missed(open_ticket, anna, mona, time):
    ticket, session = open_ticket(), _session_of(mona)
    time.move_to(time.now + timedelta(minutes=1))

    async def story():
        cursor = (await (await _open(mona, session)).event("hello"))["cursor"]
        await in_thread(lambda: tickets.reply(ticket=ticket, author=anna, body="Here.", now=time.now))
        time.move_to(time.now + timedelta(hours=1))
        return await (await _open(mona, session, **{"Last-Event-ID": cursor})).event("change")

    assert run(story)["tickets"] == [ticket.number]


@pytest.mark.django_db(transaction=True)
def test_silence_is_broken_by_a_beat_that_tells_of_the_engine(cora, time):
    session = _session_of(cora)
    heartbeat.beat("sweep", now=time.now)

    async def story():
        listener = await _open(cora, session)
        hello = await listener.event("hello")
        return hello, await listener.event("beat")

    hello, beat = run(story)

    assert hello["engine"] == time.now.isoformat()
    assert beat["now"] == time.now.isoformat()


@pytest.mark.django_db(transaction=True)
def test_a_stream_ends_when_its_person_signs_out(cora, monkeypatch):
    monkeypatch.setattr(live_module, "CHECK_EVERY", 0.0)
    session = _session_of(cora)

    async def story():
        listener = await _open(cora, session)
        await listener.event("hello")
        await in_thread(session.flush)
        return await listener.ends()

    assert run(story)


@pytest.mark.django_db(transaction=True)
def test_a_stream_ends_when_its_person_is_sent_away(cora, monkeypatch):
    monkeypatch.setattr(live_module, "CHECK_EVERY", 0.0)
    session = _session_of(cora)

    async def story():
        listener = await _open(cora, session)
        await listener.event("hello")
        await in_thread(lambda: User.objects.filter(pk=cora.pk).update(is_active=False))
        return await listener.ends()

    assert run(story)


@pytest.mark.django_db(transaction=True)
def test_nobody_looks_at_the_database_when_nobody_listens(cora):
    session = _session_of(cora)

    async def story():
        house = hub()
        listener = await _open(cora, session)
        await listener.event("hello")
        await listener._frames.aclose()
        async with asyncio.timeout(WITHIN):
            await house._task
        return house

    house = run(story)

    assert isinstance(house, Hub)
    assert not house.streams


@pytest.mark.django_db(transaction=True)
def test_one_person_cannot_hold_any_number_of_streams(cora, monkeypatch):
    monkeypatch.setattr(hub_module, "STREAMS_PER_PERSON", 2)
    session = _session_of(cora)

    async def story():
        listeners = [await _open(cora, session) for _ in range(2)]
        for listener in listeners:
            await listener.event("hello")
        request = AsyncRequestFactory().get("/live/")
        request.session = session

        async def signed_in() -> User:
            return cora

        request.auser = signed_in
        return await live(request)

    assert run(story).status_code == 429


def test_strangers_get_no_stream_and_no_answer(client: Client, db):
    assert client.get("/live/").status_code == 401
    assert client.get("/live/poll/").status_code == 401


def test_who_has_no_stream_asks(client: Client, open_ticket, anna, cora, time):
    ticket = open_ticket()
    time.move_to(time.now + timedelta(minutes=1))
    client.force_login(cora)
    cursor = client.get("/live/poll/").json()["cursor"]
    tickets.reply(ticket=ticket, author=anna, body="Here.", now=time.now)

    answer = client.get(f"/live/poll/?since={cursor}")

    assert answer["Cache-Control"] == "no-store"
    assert answer.json()["tickets"] == [ticket.number]
    assert answer.json()["escalations"] == []


def test_a_nonsensical_cursor_is_no_error(client: Client, cora):
    client.force_login(cora)

    assert client.get("/live/poll/?since=' OR 1=1").status_code == 200
