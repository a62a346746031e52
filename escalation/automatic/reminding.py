"""What criteria propose is put before whoever decides on it, once, and again where it is left lying (R9, R11).

A person hears of all that falls due in one round by one letter. Reminders fall on full hours, so that what lies is
said together.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from common.batches import oldest_first, share
from common.failpoints import Point, reach
from common.rows import change
from escalation.alerting import proposal_letters as letters
from escalation.models import Proposal
from notifications.actions import Notice, notify_many
from people.chain import hearing_of, managers_of, present
from people.models import Team, User
from tickets.models import Ticket

logger = logging.getLogger(__name__)

BATCH = 500
HOUR = timedelta(hours=1)
# How long a proposal of each severity may lie before its first reminder; then its people hear of it every day.
REMIND_AFTER = {1: timedelta(minutes=30), 2: HOUR, 3: 4 * HOUR, 4: 24 * HOUR}
REMIND_EVERY = timedelta(days=1)
_SHOWN = ("criterion", "ticket__organisation", "ticket__requester")


def tell(now: datetime) -> int:
    """Tell of every proposal whose moment has come; returns how many rows were handled."""
    due = Proposal.objects.with_word_due(now)
    return sum(_tell(keys, now) for keys in oldest_first(due, "next_word_at", BATCH))


def _tell(keys: Sequence[int], now: datetime) -> int:
    try:
        done = _tell_together(keys, now)
        reach(Point.AFTER_COMMIT)
        return done
    except Exception:
        logger.exception("A batch of %d proposals could not be told of; taking them one by one.", len(keys))
    return sum(_tell_alone(key, now) for key in keys)


def _tell_alone(key: int, now: datetime) -> int:
    try:
        return _tell_together([key], now)
    except Exception:
        logger.exception("Of proposal %d nobody could be told.", key)
        Proposal.objects.filter(pk=key).update(next_word_at=now + HOUR)
        return 0


@transaction.atomic
def _tell_together(keys: Sequence[int], now: datetime) -> int:
    # Under the row's own lock alone: whoever ends a proposal holds its ticket, and waits here for nobody.
    due = Proposal.objects.with_word_due(now).filter(pk__among=set(keys)).order_by("at", "pk")
    rows = list(due.select_for_update(of=("self",), skip_locked=True))
    reach(Point.AFTER_CLAIM)
    waiting = list(Proposal.objects.open().filter(pk__among={row.pk for row in rows}).select_related(*_SHOWN))
    waiting.sort(key=lambda row: (row.at, row.pk))
    notify_many(_notices(waiting, now), now=now)
    again = {row.pk: (row.told + 1, _next_word(row, now)) for row in waiting}
    written = {row.pk: again.get(row.pk, (row.told, None)) for row in rows}
    change(Proposal, [{"id": pk, "told": told, "next_word_at": at} for pk, (told, at) in written.items()])
    reach(Point.BEFORE_COMMIT)
    return len(rows)


def _notices(waiting: Sequence[Proposal], now: datetime) -> list[Notice]:
    people = _People([row.ticket for row in waiting], now)
    theirs: defaultdict[User, list[Proposal]] = defaultdict(list)
    for row in waiting:
        for person in people.of(row):
            theirs[person].append(row)
    return [
        Notice([person], partial(letters.proposed, rows), f"proposals:{rows[0].pk}.{rows[0].told}.{len(rows)}")
        for person, rows in theirs.items()
    ]


def _next_word(row: Proposal, now: datetime) -> datetime:
    after = REMIND_EVERY if row.told else REMIND_AFTER[row.severity]
    at = now + after
    if after < HOUR:
        return at
    whole = at.replace(minute=0, second=0, microsecond=0)
    return whole if whole == at else whole + HOUR


class _People:
    """Who decides on a proposal: the ticket's owner and its team's lead, or the managers where there is neither.

    Who is reminded has let it lie, so the managers hear of it, too. Each team is looked up once in a batch.
    """

    def __init__(self, tickets: Sequence[Ticket], now: datetime) -> None:
        self._now = now
        self._managers: dict[int | None, list[User]] = {}
        share(tickets, "team", Team.objects.with_people())
        share(tickets, "assignee", User.objects.select_related("deputy").prefetch_related("absences"))

    def of(self, row: Proposal) -> list[User]:
        team = row.ticket.team
        named = [row.ticket.assignee, team.lead if team else None]
        found = present([person for person in named if person is not None], self._now, hearing_of(team))
        if row.told or not found:
            found += self._managers_of(team)
        return list(dict.fromkeys(found))

    def _managers_of(self, team: Team | None) -> list[User]:
        key = team.pk if team else None
        if key not in self._managers:
            self._managers[key] = managers_of(team, self._now)
        return self._managers[key]
