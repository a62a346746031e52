"""How much teams had in hand, kept hour by hour behind the facts; the caller holds the tail's lock.

An hour that cannot be counted stops neither the others nor the facts: it rests as a setback (decision 43), and nothing
else leads back to it.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from operator import itemgetter

from django.db import transaction
from django.db.models import Count, F, Min, Q

from common.rows import insert
from common.setbacks import PASSING, Round
from reports.counting import BATCH, LOAD_ROUND, write_load
from reports.facts.load import HOUR, Holding, Load, Step, full_hour, hours
from reports.models import FactTail, LoadHour
from tickets.models import OwnerSpell

logger = logging.getLogger(__name__)

# Of one round, which holds the tail for about a second.
MOST_HOURS = 24 * 14
# An hour is counted when whoever wrote of it has ended for certain.
SETTLES = timedelta(minutes=10)


def keep(tail: FactTail, now: datetime) -> None:
    """The hours that are over, as many as one round takes, and those that failed before; moves the tail in memory."""
    setbacks = Round(LOAD_ROUND, now, is_kept_here_alone=True)
    setbacks.each(setbacks.due(), _count_hour)
    first = tail.load_from or _first_hour()
    if first is None or first >= end(now):
        return
    tail.load_from = min(end(now), first + MOST_HOURS * HOUR)
    try:
        _count(first, tail.load_from)
    except PASSING:
        # No hour's fault: the next round does it all.
        raise
    except Exception:
        logger.exception("The load from %s to %s could not be counted at once.", first, tail.load_from)
        setbacks.each(_each_hour(first, tail.load_from), _count_hour)


def end(now: datetime) -> datetime:
    """Before it hours are over for certain."""
    return full_hour(now - SETTLES) + HOUR


def _count_hour(key: str) -> int:
    hour = datetime.fromisoformat(key)
    _count(hour, hour + HOUR)
    return 1


def _each_hour(first: datetime, until: datetime) -> list[str]:
    return [(first + number * HOUR).isoformat() for number in range((until - first) // HOUR)]


@transaction.atomic
def _count(first: datetime, until: datetime) -> None:
    """In the place of what was there: twice is as good as once."""
    LoadHour.objects.filter(hour__gte=first, hour__lt=until).delete()
    rows = [
        {"hour": load.hour, "team_id": load.team, "open": load.open, "people": load.people}
        for load in _loads(first, until)
    ]
    for at in range(0, len(rows), BATCH):
        insert(LoadHour, rows[at : at + BATCH])
    write_load(first, until)


def _first_hour() -> datetime | None:
    began = OwnerSpell.objects.aggregate(began=Min("started_at"))["began"]
    return full_hour(began) if began else None


def _loads(first: datetime, until: datetime) -> Iterator[Load]:
    """A spell that ends before it begins, as a clock that was set back leaves one, is nobody's load."""
    before, last = first - HOUR, until - HOUR
    rows = OwnerSpell.objects.order_by().exclude(ended_at__lt=F("started_at"))
    held = rows.filter(Q(ended_at=None) | Q(ended_at__gt=before), started_at__lte=before)
    counts = held.values_list("team", "owner").annotate(count=Count("pk"))
    begun = rows.filter(started_at__gt=before, started_at__lte=last).values_list("started_at", "team", "owner")
    ended = rows.filter(ended_at__gt=before, ended_at__lte=last).values_list("ended_at", "team", "owner")
    steps = [Step(at, (team, owner), 1) for at, team, owner in begun]
    steps += [Step(at, (team, owner), -1) for at, team, owner in ended if at is not None]
    steps.sort(key=itemgetter(0))
    in_hand: Counter[Holding] = Counter({(team, owner): count for team, owner, count in counts})
    return hours(in_hand, steps, first=first, until=until)
