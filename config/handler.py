"""How a request goes through Django: in one thread, and once."""

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponseBase


class Handler(ASGIHandler):
    """Takes a thread for the whole of the middleware and the view.

    Most of the middleware can run in a thread only. Django's own handler makes a chain of both kinds of it, and each
    request then changes between event loop and thread four times and more, each time behind whoever holds the
    interpreter. A view that is a coroutine (the event stream) still runs on the loop, and its stream needs no thread.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)
