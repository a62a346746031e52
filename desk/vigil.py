"""The desk looks at itself each minute. What takes asking others is written down for the probe, which asks nobody."""

from datetime import datetime

from common import heartbeat
from desk.looks.settings.health import LOOK, ailments, read_vitals
from notifications import outside


def look_around(*, now: datetime) -> bool:
    """Whether the watch outside was told that all is well: never while a clock, an alert or a mail is stuck."""
    vitals = read_vitals(now)
    heartbeat.beat(LOOK, now=now, queue=vitals.queue, unreached=vitals.unreached)
    return not ailments(vitals, now) and outside.call(now=now)
