"""Pages speak the reader's language and show the reader's time."""

from collections.abc import Callable

from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation

from common import clock
from people import sign_ins
from people.zones import zone_of


class ReaderMiddleware:
    """Activates the signed-in person's zone and language for one request, and synchronises the clock."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        clock.synchronise()
        # Himself: what stands for him until he is asked for would look for him anew at every word of a page.
        user = request.user = get_user(request)
        if not user.is_authenticated:
            return self.get_response(request)
        with timezone.override(zone_of(user.time_zone)), translation.override(user.language):
            request.LANGUAGE_CODE = translation.get_language() or "en"
            response = self.get_response(request)
        sign_ins.keep_up(request, user, now=clock.now())
        return response
