"""The watchdog's watch (DESIGN §3.1): whatever happened to worker, beat or broker, the clocks are swept.

It needs the database and nothing else. A round that fails is reported and tried again at the next look.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db import close_old_connections, connections

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
    """Watch until the process ends."""
    # The worker starts beside us, and after a night switched off every round is old: it goes first.
    pulse.feel()
    time.sleep(SILENT_AFTER.total_seconds())
    at_work: dict[str, threading.Thread] = {}
    while True:
        take_turn(at_work)
        pulse.feel()
        time.sleep(LOOK_EVERY)


def take_turn(at_work: dict[str, threading.Thread]) -> None:
    """What nobody did is begun here, unless it was begun before and is not done.

    Each round has a thread: a mail server that hangs must not hold up the sweep.
    """
    for name in look():
        if name not in at_work or not at_work[name].is_alive():
            at_work[name] = threading.Thread(target=stand_in, args=(name, ROUNDS[name]), name=name, daemon=True)
            at_work[name].start()


def look() -> list[str]:
    """The rounds that nobody has completed lately. Never raises."""
    try:
        close_old_connections()
        clock.synchronise()
        now, beats = clock.now(), heartbeat.last_of(ROUNDS)
    except Exception as error:
        logger.error("The watchdog could not look: %s: %s", type(error).__name__, error)
        return []
    return [name for name in ROUNDS if is_silent(beats.get(name), now=now)]


def stand_in(name: str, run: Callable[[], object]) -> bool:
    """Do a round that nobody did; True when it was done. Never raises."""
    try:
        run()
    except Exception as error:
        logger.error("The watchdog could not do the %s: %s: %s", name, type(error).__name__, error)
        return False
    finally:
        # Its thread ends here.
        connections.close_all()
    logger.warning("Nobody had completed the %s for %d s; the watchdog did it.", name, SILENT_AFTER.seconds)
    return True


def is_silent(last: datetime | None, *, now: datetime) -> bool:
    """No round completed lately. One from the future (a clock that was set back) counts as none."""
    return last is None or abs(now - last) > SILENT_AFTER
