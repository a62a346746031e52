"""How long escalations stand at each step: written down when one leaves it, and the median of the newest of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection

from escalation.enums import LIVE_STATES
from escalation.models import Escalation, StepSpell
from escalation.querysets import EscalationQuerySet

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


def paces(now: datetime, among: EscalationQuerySet | None = None) -> Mapping[str, Pace]:
    """Of each step, over the whole desk or `among` these alone: the newest that have left it within 90 days. One query.

    A part of the desk is to be narrowed to what the reader sees: of few its median might say more than the whole's.
    """
    try:
        those, params = _those(among)
    except EmptyResultSet:
        return dict.fromkeys(LIVE_STATES, _pace([]))
    since = connection.ops.adapt_datetimefield_value(now - LOOKS_BACK)
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST_OF_EACH.replace("{those}", those), [since, *params] * len(LIVE_STATES))
        rows = cursor.fetchall()
    lengths: dict[str, list[int]] = {state: [] for state in LIVE_STATES}
    for state, seconds in rows:
        lengths[state].append(seconds)
    return {state: _pace(found) for state, found in lengths.items()}


def _those(among: EscalationQuerySet | None) -> tuple[str, Sequence[Any]]:
    if among is None:
        return "", ()
    text, params = among.order_by().values_list("number").query.sql_with_params()
    return f"AND escalation_id IN ({text})", params


def _pace(lengths: list[int]) -> Pace:
    known = len(lengths) >= FEWEST
    return Pace(timedelta(seconds=median(lengths)) if known else None, len(lengths))


_NEWEST_OF_EACH = " UNION ALL ".join(
    f"""SELECT * FROM (
        SELECT state, seconds FROM escalation_stepspell
        WHERE state = '{state}' AND ended_at > %s {{those}} ORDER BY ended_at DESC LIMIT {NEWEST}
    ) AS of_{state}"""  # noqa: S608 - fixed names
    for state in LIVE_STATES
)
