"""How a request goes through Django: in one thread, and once."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, cast

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.db import close_old_connections, connections
from django.http import FileResponse, HttpResponseBase
from django.urls import set_script_prefix

from config.middleware import PROBES


class Handler(ASGIHandler):
    """Takes a thread for the whole of a request, from its first signal to its last, and only once.

    Most of the middleware can run in a thread only. Django's own handler makes a chain of both kinds of it, and each
    request then changes between event loop and thread four times and more, each time behind whoever holds the
    interpreter; and it makes a new thread for each request, which has to find its database connection anew. Here
    are as many threads as connections, and they stay: nobody waits for a connection, only for a thread.

    A view that is a coroutine (the event stream) still runs on the loop, and its stream needs no thread. The probes
    need none either: with all threads busy the desk still says so.
    """

    def __init__(self) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor(settings.ENV.pool_size, thread_name_prefix="request")

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        try:
            response = await self._answer(scope, body)
            if response.streaming:
                await self._stream(response, receive, send)
            else:
                await self.send_response(response, send)
        finally:
            body.close()

    async def _answer(self, scope: Any, body: IO[bytes]) -> HttpResponseBase:
        probe = PROBES.get(scope["path"])
        if probe is None:
            return await sync_to_async(self._in_thread, thread_sensitive=False, executor=self._threads)(scope, body)
        request, refusal = self.create_request(scope, body)
        return cast(HttpResponseBase, refusal) if request is None else await probe(request)

    def _in_thread(self, scope: Any, body: IO[bytes]) -> HttpResponseBase:
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=type(self), scope=scope)
        request, refusal = self.create_request(scope, body)
        response: Any = refusal if request is None else self.get_response(request)
        response._handler_class = type(self)
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        if response.streaming:
            # What is still to be read for it is read in other threads.
            close_old_connections()
        else:
            # All of it is in memory: the connection goes back before the answer leaves.
            response.close()
        return cast(HttpResponseBase, response)

    def _end(self, response: HttpResponseBase) -> None:
        response.close()
        # This thread ends with its stream.
        connections.close_all()

    async def _stream(self, response: HttpResponseBase, receive: Any, send: Any) -> None:
        """Until it ends, or nobody listens any more."""
        sending = asyncio.create_task(self.send_response(response, send))
        leaving = asyncio.create_task(self.listen_for_disconnect(receive))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sending.cancel()
            leaving.cancel()
            sent, _left = await asyncio.gather(sending, leaving, return_exceptions=True)
            await sync_to_async(self._end)(response)
        if isinstance(sent, Exception):
            raise sent
