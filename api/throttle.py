"""How often one person may call: against loops that have run away, not against attackers."""

import time
from threading import Lock
from typing import Any, cast

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from people.models import User

MINUTE = 60.0
MOST_PEOPLE = 10_000

# By person: when the present minute began, and the calls since. The framework's own throttle keeps the moment of each
# call and copies all of them at every call, which a busy program notices.
_windows: dict[int, tuple[float, int]] = {}
_lock = Lock()


class Throttle(BaseThrottle):
    """So many calls of one person per minute and web process (`API_RATE`; 0 lets everybody)."""

    _left = 0.0

    def allow_request(self, request: Request, view: Any) -> bool:
        if not settings.API_RATE or not request.user:
            return True
        person, now = cast(User, request.user).pk, time.monotonic()
        with _lock:
            began, calls = _windows.get(person, (now, 0))
            if now - began >= MINUTE:
                began, calls = now, 0
            self._left = MINUTE - (now - began)
            if calls >= settings.API_RATE:
                return False
            _windows[person] = began, calls + 1
            if len(_windows) > MOST_PEOPLE:
                _forget(now)
        return True

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return self._left


def _forget(now: float) -> None:
    over = [person for person, (began, _calls) in _windows.items() if now - began >= MINUTE]
    for person in over or list(_windows):
        del _windows[person]
