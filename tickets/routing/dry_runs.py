"""Dry runs on the tickets of the last days: asked for by a program, made by a worker stretch by stretch.

What is asked for is a row: a worker that dies is followed by another, which begins anew when the claim has run out.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from common import clock
from common.errors import NotAllowedNow
from people.models import User
from tickets.models import RoutingDryRun
from tickets.routing.book import book_of
from tickets.routing.editing import Terms, checked
from tickets.routing.replaying import Replayed, numbers_since, replay
from tickets.routing.trying import rules_with

logger = logging.getLogger(__name__)

LONGEST = 90
KEPT = timedelta(days=7)
CLAIM = timedelta(minutes=2)
MOST_WAITING, MOST_ATTEMPTS = 3, 3
# Of the ways in which one thing would be otherwise so many are told: the most frequent.
WAYS = 20


@transaction.atomic
def ask(*, days: int, draft: Terms | None, instead_of: int | None, by: User, now: datetime) -> RoutingDryRun:
    """One more, which a worker takes within seconds. InvalidInput for a draft that could not be saved either."""
    if RoutingDryRun.objects.filter(asked_by=by, finished_at=None).count() >= MOST_WAITING:
        raise NotAllowedNow(_("Your last dry runs have not ended yet."))
    RoutingDryRun.objects.filter(asked_at__lt=now - KEPT).delete()
    kept = None
    if draft is not None:
        rules_with(draft, instead_of)
        kept = {**checked(draft).as_content(), "instead_of": instead_of}
    return RoutingDryRun.objects.create(asked_by=by, asked_at=now, days=days, draft=kept)


def run() -> int:
    """Those that wait, one after the other; how many were finished."""
    finished = 0
    while (row := _claimed(clock.now())) is not None:
        try:
            _make(row)
        except Exception:
            logger.exception("The dry run %d failed", row.pk)
            RoutingDryRun.objects.filter(pk=row.pk, attempts__gte=MOST_ATTEMPTS).update(finished_at=clock.now())
            return finished
        finished += 1
    return finished


def _claimed(now: datetime) -> RoutingDryRun | None:
    """One that killed whatever took it, as often as one may fail, has failed: it is taken no more."""
    free = RoutingDryRun.objects.filter(Q(claimed_until=None) | Q(claimed_until__lte=now), finished_at=None)
    for pk, attempts in free.order_by("asked_at", "pk").values_list("pk", "attempts")[:MOST_WAITING]:
        if attempts >= MOST_ATTEMPTS:
            free.filter(pk=pk).update(finished_at=now)
        elif free.filter(pk=pk).update(claimed_until=now + CLAIM, attempts=F("attempts") + 1):
            return RoutingDryRun.objects.get(pk=pk)
    return None


def _make(row: RoutingDryRun) -> None:
    """With a draft what would be otherwise than by the rules as they are; without one than the tickets are now."""
    mine = RoutingDryRun.objects.filter(pk=row.pk, attempts=row.attempts)
    book, before = book_of(_rules(row.draft)), book_of(rules_with()) if row.draft else None
    numbers, found = numbers_since(row.asked_at - timedelta(days=row.days)), Replayed(0)
    for found in replay(book, numbers, row.asked_at, before=before):
        # Taken over by another worker meanwhile: that one tells.
        if not mine.update(done=found.tickets, of=found.of, claimed_until=clock.now() + CLAIM):
            return
    mine.update(found=as_data(found), finished_at=clock.now())


def _rules(draft: Mapping[str, Any] | None) -> Any:
    return rules_with() if draft is None else rules_with(Terms.of_content(draft), draft["instead_of"])


def as_data(found: Replayed) -> dict[str, Any]:
    """What is kept, and what the API shows."""
    return {
        "tickets": found.tickets,
        "touched": found.touched,
        "fired": [{"rule": key or None, "tickets": n} for key, n in found.fired.most_common()],
        "changes": [
            {
                "what": what.value,
                "count": ways.total(),
                "ways": [{"was": was, "would": would, "tickets": n} for (was, would), n in ways.most_common(WAYS)],
                "examples": [
                    {"ticket": one.number, "was": one.was, "would": one.would, "rule": one.rule or None}
                    for one in reversed(found.examples[what])
                ],
            }
            for what, ways in found.changed.items()
            if ways
        ],
    }
