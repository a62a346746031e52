"""How long escalations stand at each step: written down when one leaves it, and the median of the newest of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

from django.db import connection

from escalation.enums import LIVE_STATES
from escalation.models import Escalation, StepSpell

LOOKS_BACK = timedelta(days=90)
# Enough for a median, and no more to read on a desk where thousands leave a step in that time.
NEWEST = 101
# Of fewer a median says nothing, and might say how long one matter took that a reader does not see.
FEWEST = 5


class Pace(NamedTuple):
    """`median` is None where too few have left the step; `of` counts those that it was reckoned from."""

    median: timedelta | None
    of: int


def leave(escalation: Escalation, state: str, now: datetime) -> None:
    """It has just left that step, at which it stood since `step_since`; what has ended stands at none."""
    if state in LIVE_STATES:
        seconds = max(0, int((now - escalation.step_since).total_seconds()))
        StepSpell.objects.create(escalation=escalation, state=state, ended_at=now, seconds=seconds)


def paces(now: datetime) -> Mapping[str, Pace]:
    """Of each step, over the whole desk: the newest that have left it within 90 days. One query."""
    since = connection.ops.adapt_datetimefield_value(now - LOOKS_BACK)
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST_OF_EACH, [since] * len(LIVE_STATES))
        rows = cursor.fetchall()
    lengths: dict[str, list[int]] = {state: [] for state in LIVE_STATES}
    for state, seconds in rows:
        lengths[state].append(seconds)
    return {state: _pace(found) for state, found in lengths.items()}


def _pace(lengths: list[int]) -> Pace:
    known = len(lengths) >= FEWEST
    return Pace(timedelta(seconds=median(lengths)) if known else None, len(lengths))


_NEWEST_OF_EACH = " UNION ALL ".join(
    f"""SELECT * FROM (
        SELECT state, seconds FROM escalation_stepspell
        WHERE state = '{state}' AND ended_at > %s ORDER BY ended_at DESC LIMIT {NEWEST}
    ) AS of_{state}"""  # noqa: S608 - fixed names
    for state in LIVE_STATES
)
