"""Several at a time: the threads that send, and how many of them one host may keep.

Each lane claims, sends and marks for itself, as another process would. Whatever hangs, hangs in its lane: the round
ends without it, and the lane is missing from the next rounds until the host has answered or the time-out has come.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import connections

from notifications import hosts
from notifications.claiming import claim
from notifications.models import Delivery, Host

logger = logging.getLogger(__name__)

# For the mail in hand when the turn ends.
GRACE = 0.5


class _Busy:
    """What this process's lanes are at."""

    lock = threading.Lock()
    lanes: set[threading.Thread] = set()
    hosts: Counter[str] = Counter()


def work(lane: Callable[[], None], count: int, ends: float) -> None:
    """Run it in so many lanes, less those that still hang; back soon after `ends` (monotonic) whatever they do.

    One lane is the caller's own thread.
    """
    if settings.DELIVERY_LANES == 1:
        lane()
        return
    with _Busy.lock:
        _Busy.lanes = {thread for thread in _Busy.lanes if thread.is_alive()}
        free = min(count, settings.DELIVERY_LANES - len(_Busy.lanes))
        threads = [threading.Thread(target=_guarded, args=(lane,), name="lane", daemon=True) for _ in range(free)]
        _Busy.lanes.update(threads)
        for thread in threads:
            thread.start()
    for thread in threads:
        thread.join(max(0.0, ends + GRACE - time.monotonic()))


@contextmanager
def next_batch(now: datetime) -> Iterator[tuple[list[Delivery], Mapping[str, Host]]]:
    """What one host is to get now, and who is in trouble; empty when there is nothing that this lane could do."""
    known = hosts.troubled(now)
    closed = {name for name, host in known.items() if host.closed_until and host.closed_until > now}
    if settings.DELIVERY_LANES == 1:
        yield claim(now, but=closed), known
        return
    with _Busy.lock:
        batch = claim(now, but=closed | _full(known, now))
        host = batch[0].host if batch else ""
        _Busy.hosts[host] += bool(batch)
    try:
        yield batch, known
    finally:
        with _Busy.lock:
            _Busy.hosts[host] -= bool(batch)


def _full(known: Mapping[str, Host], now: datetime) -> set[str]:
    """Those that keep as many lanes as they may: one host half of them, a slow one a single one, all slow ones half."""
    half = settings.DELIVERY_LANES // 2
    slow = {name for name, host in known.items() if host.slow_until and host.slow_until > now}
    full = {name for name, lanes in _Busy.hosts.items() if lanes >= (1 if name in slow else half)}
    if sum(_Busy.hosts[name] for name in slow) >= half:
        full |= slow
    return full


def _guarded(lane: Callable[[], None]) -> None:
    try:
        lane()
    except Exception as error:
        logger.exception("A lane of the outbox ended: %s", error)
    finally:
        connections.close_all()
