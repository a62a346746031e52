"""How often one visitor may tell that he is there and what he types: against loops, not against attackers."""

import time
from threading import Lock

MINUTE = 60.0
MOST_KEPT = 10_000


class Window:
    """So many calls of one key per minute, in one process."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._calls: dict[int, tuple[float, int]] = {}
        self._lock = Lock()

    def allows(self, key: int) -> bool:
        now = time.monotonic()
        with self._lock:
            began, calls = self._calls.get(key, (now, 0))
            if now - began >= MINUTE:
                began, calls = now, 0
            if calls >= self._most:
                return False
            if len(self._calls) >= MOST_KEPT:
                self._calls.clear()
            self._calls[key] = began, calls + 1
        return True
