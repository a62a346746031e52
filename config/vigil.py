"""The watchdog's watch (DESIGN §3.1): whatever happened to worker, beat or broker, the clocks are swept.

It needs the database and nothing else. A round that fails is reported and tried again at the next look.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db import connections

from common import clock, heartbeat
from config import pulse
from escalation import sweep, telling
from escalation.communicate import broadcast
from mailroom import intake, leaving
from notifications import delivery
from surveys import asking
from tickets import sending, waking
from tickets.rerouting import rounds

logger = logging.getLogger(__name__)

LOOK_EVERY = 1.0
SILENT_AFTER = timedelta(seconds=10)


def send_all() -> None:
    """Turn after turn: nobody else is there to take the next one, and none of them stands in a sweep's way here."""
    while delivery.run():
        pass


# By the name of the heartbeat that each round leaves.
ROUNDS: Mapping[str, Callable[[], object]] = {
    "sweep": sweep.run,
    "replies": sending.run,
    "waking": waking.run,
    "routing": rounds.run,
    "surveys": asking.run,
    "broadcast": broadcast.run,
    "hooks": telling.run,
    "delivery": send_all,
    "visitors": leaving.run,
    "mailroom": lambda: intake.file_pending(now=clock.now()),
}


def keep() -> None:
    """Watch until the process ends. Each round has a thread: a mail server that hangs must not hold up the sweep."""
    watchers = [threading.Thread(target=_watch, args=item, name=item[0], daemon=True) for item in ROUNDS.items()]
    for watcher in watchers:
        watcher.start()
    for watcher in watchers:
        watcher.join()


def look(name: str, run: Callable[[], object]) -> bool:
    """One look at one round; True when it had to be done here. Never raises."""
    try:
        clock.synchronise()
        if not is_silent(heartbeat.last(name), now=clock.now()):
            return False
        run()
    except Exception as error:
        logger.error("The watchdog could not do the %s: %s: %s", name, type(error).__name__, error)
        return False
    finally:
        # A connection kept over a restart of the database would fail for ever.
        connections.close_all()
    logger.warning("Nobody had completed the %s for %d s; the watchdog did it.", name, SILENT_AFTER.seconds)
    return True


def is_silent(last: datetime | None, *, now: datetime) -> bool:
    """No round completed lately. One from the future (a clock that was set back) counts as none."""
    return last is None or abs(now - last) > SILENT_AFTER


def _watch(name: str, run: Callable[[], object]) -> None:
    # The worker starts beside us, and after a night switched off every round is old: it goes first.
    pulse.feel()
    time.sleep(SILENT_AFTER.total_seconds())
    while True:
        look(name, run)
        pulse.feel()
        time.sleep(LOOK_EVERY)
