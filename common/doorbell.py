"""Tell the workers that there is something to do, now rather than at the next beat.

A ring may be lost: the row is the truth and beat asks every two seconds anyway (DESIGN §3). So ringing never
waits and never fails. The name of the task goes into a small set, and one background thread per process empties
it; a broker that is stopped or frozen holds up that thread alone, which then keeps silent for a while.
"""

import atexit
import logging
import os
import threading
import time
from typing import Any

from celery import current_app

logger = logging.getLogger(__name__)

ANSWER_WITHIN = 0.5
SILENT_AFTER_FAILURE = 10.0
EXPIRES = 10
# A short command that rings and ends gives its ring this long to leave.
LAST_WORDS = 0.3
TRANSPORT: dict[str, Any] = {
    "socket_timeout": ANSWER_WITHIN,
    "socket_connect_timeout": ANSWER_WITHIN,
    "retry_on_timeout": False,
    "max_retries": 0,
}


def ring(task_name: str) -> None:
    """Send the task by its name, soon; to be called from `transaction.on_commit`. Takes microseconds."""
    _bell().ring(task_name)


class Bell:
    """Collects names and sends them from a thread of its own; names that wait together are sent once."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self._waiting: set[str] = set()
        self._changed = threading.Condition()
        self._silent_until = 0.0
        self._sending = False
        threading.Thread(target=self._work, name="doorbell", daemon=True).start()

    def ring(self, task_name: str) -> None:
        with self._changed:
            if time.monotonic() >= self._silent_until:
                self._waiting.add(task_name)
                self._changed.notify_all()

    def settle(self, timeout: float) -> bool:
        """Wait until nothing is waiting or being sent; False when that took longer than `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._sending, timeout)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._waiting))
                names, self._waiting, self._sending = self._waiting, set(), True
            heard = _send(names)
            with self._changed:
                if not heard:
                    self._waiting.clear()
                    self._silent_until = time.monotonic() + SILENT_AFTER_FAILURE
                self._sending = False
                self._changed.notify_all()


class _Bells:
    """This process's bell. A fork inherits the object but not its thread, so the child makes its own."""

    lock = threading.Lock()
    bell: Bell | None = None


def _bell() -> Bell:
    bell = _Bells.bell
    if bell is not None and bell.process == os.getpid():
        return bell
    with _Bells.lock:
        if _Bells.bell is None or _Bells.bell.process != os.getpid():
            _Bells.bell = Bell()
            atexit.register(_Bells.bell.settle, LAST_WORDS)
        return _Bells.bell


def unheard() -> int | None:
    """How many rings wait for a worker; None where the broker does not say so in time."""
    options = {**current_app.conf.broker_transport_options, **TRANSPORT}
    try:
        with current_app.connection_for_read(transport_options=options) as connection:
            channel: Any = connection.default_channel
            return sum(int(channel.client.llen(queue.name)) for queue in current_app.conf.task_queues)
    except Exception as error:
        logger.debug("The broker was not asked: %s", error)
        return None


def _send(names: set[str]) -> bool:
    """One short connection for all names; False when the broker did not take them in time."""
    options = {**current_app.conf.broker_transport_options, **TRANSPORT}
    connection = current_app.connection_for_write(transport_options=options)
    try:
        for name in names:
            current_app.send_task(name, connection=connection, retry=False, ignore_result=True, expires=EXPIRES)
    except Exception as error:
        logger.debug("The broker did not take %s: %s", ", ".join(sorted(names)), error)
        return False
    finally:
        connection.release()
    return True


# A lock held by another thread at the moment of a fork would stay locked for ever in the child.
os.register_at_fork(after_in_child=lambda: setattr(_Bells, "lock", threading.Lock()))
