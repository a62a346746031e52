"""Live updates inside one process: one look at the database a second, told to every open stream.

Streams cost nothing while they wait: no thread, no connection, no query. The look itself runs in a thread of its own
with a connection that it gives back each time, so that pages never queue behind it. Nobody looks when nobody listens.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from django.db import DatabaseError, connections

from common import clock
from desk import changes
from desk.changes import Change, Cursor, News, Reader
from people.models import User

logger = logging.getLogger(__name__)

PAUSE = 1.0
STREAMS_PER_PERSON = 32
# Visitors of a chat are strangers: few streams each, and a bound for all of them together.
STREAMS_PER_GUEST = 4
STREAMS_OF_GUESTS = 2_000

_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="live")
_T = TypeVar("_T")


class Guest(NamedTuple):
    """A visitor of a chat, who hears of his one ticket."""

    ticket: int


Who = int | Guest
"""A person by his key, or a guest."""


class Stream:
    """What one browser has not been told yet. A slow one only gathers: sets, which cannot grow past the desk."""

    def __init__(self, who: Who) -> None:
        self.who = who
        self._pending = Change()
        self._cursor = Cursor()
        self._wake = asyncio.Event()

    def put(self, change: Change, cursor: Cursor) -> None:
        self._pending |= change
        self._cursor = cursor
        self._wake.set()

    async def take(self, timeout: float) -> tuple[Change, Cursor] | None:
        """What has gathered, as soon as there is anything; None after `timeout` seconds of silence."""
        try:
            async with asyncio.timeout(timeout):
                await self._wake.wait()
        except TimeoutError:
            return None
        self._wake.clear()
        pending, self._pending = self._pending, Change()
        return pending, self._cursor


class Hub:
    """The streams of one event loop, and the one task that looks for all of them."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self.engine: datetime | None = None
        self._task: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    def is_full(self, who: Who) -> bool:
        """Whether one person holds as many streams as anybody may; the page then asks instead."""
        own = sum(stream.who == who for stream in self.streams)
        if isinstance(who, Guest):
            guests = sum(isinstance(stream.who, Guest) for stream in self.streams)
            return own >= STREAMS_PER_GUEST or guests >= STREAMS_OF_GUESTS
        return own >= STREAMS_PER_PERSON

    async def join(self, who: Who) -> Stream:
        """A new stream. On return the hub has taken its bearings: nothing from here on is missed."""
        stream = Stream(who)
        self.streams.add(stream)
        if self._task is None or self._task.done():
            self._ready.clear()
            self._task = asyncio.create_task(self._run())
        await self._ready.wait()
        return stream

    def leave(self, stream: Stream) -> None:
        self.streams.discard(stream)

    async def _run(self) -> None:
        reader = await self._first_look()
        self._ready.set()
        while self.streams:
            await asyncio.sleep(PAUSE)
            try:
                await self._look(reader)
            except DatabaseError as error:
                logger.warning("Live updates could not read the timeline: %s", error)

    async def _first_look(self) -> Reader:
        while True:
            try:
                return await in_thread(lambda: Reader(time.monotonic()))
            except DatabaseError as error:
                logger.warning("Live updates wait for the database: %s", error)
                await asyncio.sleep(PAUSE)

    async def _look(self, reader: Reader) -> None:
        listeners = {stream.who for stream in self.streams}
        news, told = await in_thread(lambda: _read_for(reader, listeners))
        self.engine = news.engine
        for stream in self.streams:
            change = told.get(stream.who)
            if change:
                stream.put(change, news.cursor)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())


async def in_thread(work: Callable[[], _T]) -> _T:
    """Run a piece of database work apart from all requests, and give its connection back at once."""
    return await asyncio.get_running_loop().run_in_executor(_threads, lambda: _and_close(work))


def _and_close(work: Callable[[], _T]) -> _T:
    try:
        return work()
    finally:
        connections.close_all()


def _read_for(reader: Reader, listeners: set[Who]) -> tuple[News, dict[Who, Change]]:
    clock.synchronise()
    news = reader.read(time.monotonic())
    if not news:
        return news, {}
    guests = [who for who in listeners if isinstance(who, Guest)]
    people = [who for who in listeners if not isinstance(who, Guest)]
    # Read again each time: a role or a team may have changed since the stream began.
    told: dict[Who, Change] = {guest: changes.for_guest(guest.ticket, news) for guest in guests}
    told.update(changes.for_people(User.objects.filter(pk__in=people), news).items() if people else ())
    return news, told
