"""One round over what the rules have to look at; beat drives it, and the watchdog where beat is silent."""

from common import clock, heartbeat
from tickets.rerouting import deeds, looking, waiting

HEARTBEAT = "routing"


def run() -> dict[str, int]:
    """How many tickets were looked at, and how many got an owner, and what rules owed. Beats the heart when done."""
    clock.synchronise()
    now = clock.now()
    done = {"looked": looking.run(now), "given": waiting.drain(now), "done": deeds.run(now)}
    heartbeat.beat(HEARTBEAT, now=now, **done)
    return done
