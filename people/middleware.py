"""Pages speak the reader's language and show the reader's time.

Whoever has not signed in reads what his browser asks for; where it asks for nothing that we speak, the desk's own.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation.trans_real import parse_accept_lang_header

from common import clock
from common.identity import default_language
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
            return self._speaking(translation.get_language() if _asks(request) else default_language(), request)
        with timezone.override(zone_of(user.time_zone)):
            response = self._speaking(user.language, request)
        sign_ins.keep_up(request, user, now=clock.now())
        return response

    def _speaking(self, language: str | None, request: HttpRequest) -> HttpResponseBase:
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


def _asks(request: HttpRequest) -> bool:
    """For a language that we speak; Django's own answer does not say whether it was asked or taken by default."""
    asked = [language for language, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    return settings.LANGUAGE_COOKIE_NAME in request.COOKIES or any(map(_is_spoken, _before_any(asked)))


def _before_any(asked: list[str]) -> list[str]:
    return asked[: asked.index("*")] if "*" in asked else asked


def _is_spoken(language: str) -> bool:
    try:
        return bool(translation.get_supported_language_variant(language))
    except LookupError:
        return False
