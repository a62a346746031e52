"""The rail's figures, reckoned once for a person who turns pages quickly.

They are as old as `RAIL_KEPT_FOR` at most, never older than the person's own last act, and fresh where the page asks
for the rail by itself because something has changed. Each process keeps its own; a browser says by a cookie, for as
long as they are kept, that its person has acted, whichever process that was told.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from django.conf import settings

from common import heartbeat
from desk.looks.inbox.counts import TeamLine, counts_for, teams_for
from people.models import User

MOST_PEOPLE = 1000
ACTED = "acted"


@dataclass(frozen=True, slots=True)
class Figures:
    reckoned_at: datetime
    counts: dict[str, int]
    teams: list[TeamLine]
    swept_at: datetime | None  # the engine's sign of life


_kept: OrderedDict[int, Figures] = OrderedDict()
_lock = Lock()


def figures_for(user: User, now: datetime, *, fresh: bool = False) -> Figures:
    kept = _kept.get(user.pk)
    if kept is not None and not fresh and timedelta() <= now - kept.reckoned_at < settings.RAIL_KEPT_FOR:
        return kept
    figures = Figures(now, counts_for(user, now), teams_for(user), heartbeat.last("sweep"))
    with _lock:
        _kept[user.pk] = figures
        _kept.move_to_end(user.pk)
        while len(_kept) > MOST_PEOPLE:
            _kept.popitem(last=False)
    return figures


def forget(user: User) -> None:
    """The person is about to change something."""
    with _lock:
        _kept.pop(user.pk, None)
