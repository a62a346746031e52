"""The facts are kept behind the writers of the timeline, and made anew where somebody asks for it (decision 34).

Whatever changes what a report counts is on the timeline. So every few seconds the tickets of new lines are counted
anew, from their rows: nothing is added to a figure, and twice is as good as once. A round is one transaction with the
tail's lock; a process that dies in it leaves nothing behind.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection, transaction

from common import clock, heartbeat, tailing
from common.failpoints import Point, reach
from common.tailing import Holder
from reports import loads
from reports.counting import BATCH, recount
from reports.models import FactTail, LoadHour
from tickets.models import Event, Ticket

logger = logging.getLogger(__name__)

HEARTBEAT = "reports"
# In seconds, between two looks whether what went on before has ended.
PAUSE = 1.0
# Lines of the timeline in one round, which holds the tail for about a second.
MOST_LINES = 2000


def run() -> int:
    """One round; returns how many tickets were counted. Several processes at once: one of them does it."""
    clock.synchronise()
    now = clock.now()
    counted = _round(now)
    heartbeat.beat(HEARTBEAT, now=now, counted=counted)
    return counted


def rebuild(
    progress: Callable[[int, int], None] = lambda _done, _whole: None,
    waiting: Callable[[Sequence[Holder]], None] = lambda _for: None,
) -> int:
    """All facts anew, a transaction for each batch, beside the desk's work; what is broken off goes on by itself.

    `progress` hears how many tickets are done, of how many; `waiting` each second for whom, as long as transactions go
    on that began before: until they end nothing older can be counted. Returns how many there were.
    """
    with transaction.atomic():
        _begin_anew(_locked(wait=True))
    done, whole = 0, Ticket.objects.count()
    while _is_behind(clock.now()):
        counted = _round(clock.now(), wait=True)
        if not counted and (awaited := _awaited()):
            waiting(tailing.holders(awaited))
            time.sleep(PAUSE)
        done += counted
        progress(min(done, whole), whole)
    return whole


def _awaited() -> int:
    """Of what is to be over before anything older is counted; 0 where all of it is."""
    those = FactTail.objects.values_list("recount_awaits", flat=True).get()
    return 0 if tailing.is_over(those) else those


def settled() -> int:
    """Up to this key no other line of the timeline can ever become visible.

    0 before the first round, and as long as anything goes on that went on when the facts were begun: its lines may lie
    below the key from which on they are followed.
    """
    key, awaits = FactTail.objects.values_list("settled", "recount_awaits").first() or (0, 0)
    return key if tailing.is_over(awaits) else 0


def has_kept(until: datetime) -> bool:
    """Whether the facts say all that happened before `until`, and none of them is being made anew."""
    if not FactTail.objects.filter(recount_below=None).exists():
        return False
    return not Event.objects.filter(pk__gt=settled(), at__lt=until).exists()


@transaction.atomic
def _round(now: datetime, *, wait: bool = False) -> int:
    tail = _locked(wait=wait)
    if tail is None:
        if not FactTail.objects.exists():
            _begin_anew(None)
        return 0
    numbers = {number for part in tail.advance(Event.objects.all(), most=MOST_LINES) for number in _tickets_of(part)}
    older = _older(tail)
    every = sorted(numbers.union(older))
    for at in range(0, len(every), BATCH):
        _recount(every[at : at + BATCH], tail.load_from)
    loads.keep(tail, now)
    tail.save()
    reach(Point.BEFORE_COMMIT)
    return len(every)


def _recount(numbers: Sequence[int], loaded_to: datetime | None) -> None:
    """Together; where one of them cannot be counted, one by one. It keeps the facts that it had, and stops nobody."""
    try:
        recount(numbers, loaded_to=loaded_to)
    except (OperationalError, InterfaceError):
        # No ticket's fault: the next round does it all.
        raise
    except Exception:
        logger.exception("The facts of %d tickets, from #%d on, could not be counted.", len(numbers), numbers[0])
        for number in numbers if len(numbers) > 1 else ():
            _recount([number], loaded_to)


def _locked(*, wait: bool) -> FactTail | None:
    skips = not wait and connection.features.has_select_for_update_skip_locked
    return FactTail.objects.select_for_update(skip_locked=skips).first()


def _begin_anew(tail: FactTail | None) -> None:
    """From the greatest ticket down: what is newest is asked for first. New lines are followed meanwhile."""
    tail = tail or FactTail(pk=1, **tailing.at_the_end(Event.objects.all()))
    newest = Ticket.objects.order_by("-number").values_list("number", flat=True).first()
    tail.recount_below, tail.recount_awaits = newest, tailing.going_on()
    LoadHour.objects.all().delete()
    tail.load_from = None
    tail.save()


def _older(tail: FactTail) -> list[int]:
    """The next of those that are to be counted anew; moves the tail in memory."""
    if tail.recount_below is None or not tailing.is_over(tail.recount_awaits):
        return []
    rows = Ticket.objects.filter(number__lte=tail.recount_below).order_by("-number")
    found = list(rows.values_list("number", flat=True)[:BATCH])
    tail.recount_below = found[-1] - 1 if len(found) == BATCH else None
    return found


def _tickets_of(part: tailing.Part) -> Iterator[int]:
    rows = Event.objects.filter(pk__gt=part.after, pk__lte=part.until).order_by()
    yield from rows.values_list("ticket", flat=True).distinct()


def _is_behind(now: datetime) -> bool:
    tail = FactTail.objects.get()
    return tail.recount_below is not None or (tail.load_from is not None and tail.load_from < loads.end(now))
