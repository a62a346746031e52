"""The one source of time (DESIGN §3.13).

`now()` is arithmetic and never asks the database: this machine's clock, plus the skew to the database's
clock, plus an offset that only tests and demo mode can set. `synchronise()` measures skew and offset and is
called where work begins: by a request, a task, a sweep. So a page's query count does not depend on the time.
"""

import logging
import time
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection

from common.models import ClockOffset

logger = logging.getLogger(__name__)

SKEW_ALARM = timedelta(seconds=2)
_SKEW_AGE = 60.0
_OFFSET_AGE = 1.0


class _State:
    frozen_at: datetime | None = None
    skew = timedelta()
    offset = timedelta()
    skew_measured = -_SKEW_AGE
    offset_read = -_OFFSET_AGE


def now() -> datetime:
    """The present instant in UTC, aware."""
    if _State.frozen_at is not None:
        return _State.frozen_at
    return datetime.now(UTC) + _State.skew + _State.offset


def synchronise() -> None:
    """Read skew (each minute) and, in demo mode, the offset (each second) from the database."""
    if _State.frozen_at is not None:
        return
    ticks = time.monotonic()
    if ticks - _State.skew_measured >= _SKEW_AGE:
        _State.skew = _measure_skew()
        _State.skew_measured = ticks
    if settings.DEMO and ticks - _State.offset_read >= _OFFSET_AGE:
        seconds = ClockOffset.objects.values_list("seconds", flat=True).filter(pk=1).first()
        _State.offset = timedelta(seconds=seconds or 0)
        _State.offset_read = ticks


def skew() -> timedelta:
    """How far the database's clock is ahead of this machine's, as last measured."""
    return _State.skew


def advance(by: timedelta) -> None:
    """Move the desk's time forward, for every process (`manage.py advance_clock`); demo mode only."""
    if not settings.DEMO:
        raise RuntimeError("The clock can be advanced in demo mode only.")
    offset, _ = ClockOffset.objects.get_or_create(pk=1)
    offset.seconds += by.total_seconds()
    offset.save(update_fields=["seconds"])
    _State.offset_read = -_OFFSET_AGE
    synchronise()


def freeze(at: datetime | None) -> None:
    """Hold the time at an instant, or let it run again with None. For tests only."""
    _State.frozen_at = at


def _measure_skew() -> timedelta:
    # SQLite's clock is this machine's clock.
    if connection.vendor != "postgresql":
        return timedelta()
    with connection.cursor() as cursor:
        before = datetime.now(UTC)
        cursor.execute("SELECT clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
        after = datetime.now(UTC)
    measured = theirs - (before + (after - before) / 2)
    if abs(measured) > SKEW_ALARM:
        logger.error("The database's clock differs from this machine's by %.1f s.", measured.total_seconds())
    # Below the time that the question took, a difference is noise.
    return measured if abs(measured) > timedelta(milliseconds=50) else timedelta()
