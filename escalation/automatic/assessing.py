"""Looking at tickets on arrival and when a moment comes (R9, R11): criteria that are met propose, or leave a letter.

Nothing is evaluated where a message comes in: `look_again` leaves a row in that transaction, which a round of the
sweep collects. Both hold the ticket's lock, so nothing is looked at twice or overlooked.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from common.batches import oldest_first
from common.failpoints import Point, reach
from common.rows import change, insert, put
from escalation.automatic import criteria
from escalation.automatic.criteria import Ready
from escalation.automatic.signs import Known, known_of
from escalation.enums import LIVE_STATES, CriterionMode, EscalateAs
from escalation.models import Assessment, Criterion, Escalation, Proposal
from escalation.models.channels import closed
from tickets import conditions
from tickets.conditions import Facts, Vocabulary
from tickets.enums import EventKind
from tickets.models import Event, Ticket
from tickets.timeline import Line, line, record_many
from tickets.vocabulary import vocabulary_for

logger = logging.getLogger(__name__)

BATCH = 500
# After which a criterion may say something else of the ticket. Time passing is not among them: that has a moment.
LOOKED_AFTER = frozenset(
    (
        *(EventKind.OPENED, EventKind.CUSTOMER_WROTE, EventKind.STATUS, EventKind.PRIORITY),
        *(EventKind.TAGGED, EventKind.CHANGED, EventKind.RESTORED, EventKind.ASSIGNED),
    )
)


def look_again(*, ticket: Ticket, events: Sequence[Event], now: datetime) -> None:
    """Leave the letter; the caller holds the ticket's lock. One statement."""
    kinds = {event.kind for event in events}
    row = Assessment(ticket=ticket, next_moment=now)
    if EventKind.OPENED in kinds:
        put([row])
    elif kinds & LOOKED_AFTER:
        Assessment.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["ticket"], update_fields=["next_moment"]
        )


def assess(now: datetime) -> int:
    """Look at every ticket whose moment has come; returns how many. The queries of a batch do not grow with it."""
    due = Assessment.objects.with_moment_due(now)
    return sum(_assess(keys, now) for keys in oldest_first(due, "next_moment", BATCH))


def _assess(keys: Sequence[int], now: datetime) -> int:
    try:
        done = _assess_together(keys, now)
        reach(Point.AFTER_COMMIT)
        return done
    except Exception:
        logger.exception("A batch of %d tickets could not be assessed; taking them one by one.", len(keys))
    return sum(_assess_alone(key, now) for key in keys)


def _assess_alone(key: int, now: datetime) -> int:
    try:
        return _assess_together([key], now)
    except Exception:
        logger.exception("#%d could not be assessed.", key)
        row = Assessment.objects.get(pk=key)
        row.attempts += 1
        row.next_moment = now + timedelta(seconds=2 ** min(row.attempts, 10))
        row.save(update_fields=["attempts", "next_moment"])
        return 0


@transaction.atomic
def _assess_together(keys: Sequence[int], now: datetime) -> int:
    free = Ticket.objects.filter(number__in=keys).select_related("organisation").order_by("number")
    locked = {one.number: one for one in free.select_for_update(of=("self",), skip_locked=True)}
    reach(Point.AFTER_CLAIM)
    # Asked again under the lock: another sweep may have looked since.
    due = Assessment.objects.with_moment_due(now).filter(pk__among=set(keys) & locked.keys())
    letters = list(due)
    worked_on = [ticket for letter in letters if _is_worked_on(ticket := locked[letter.pk])]
    look = _Look(worked_on, now)
    seen = Assessment.objects.filter(pk__among={letter.pk for letter in letters})
    seen.update(next_moment=None, assessed_at=now, attempts=0)
    change(Assessment, [{"ticket_id": number, "next_moment": at} for number, at in look.again.items()])
    insert(Proposal, look.rows())
    record_many(look.lines())
    reach(Point.BEFORE_COMMIT)
    return len(letters)


def _is_worked_on(ticket: Ticket) -> bool:
    """What came back from the trash or from a merge has an event of its own; so has what is reopened."""
    return not ticket.is_done and ticket.trashed_at is None and ticket.merged_into_id is None


@dataclass(frozen=True, slots=True)
class Fired:
    ticket: Ticket
    criterion: Criterion
    facts: Facts


class _Look:
    """One look at some tickets: which criteria they meet for the first time, and when to look again."""

    def __init__(self, tickets: Sequence[Ticket], now: datetime) -> None:
        self._now = now
        self.fired: list[Fired] = []
        self.again: dict[int, datetime] = {}
        ready = criteria.ready(Criterion.objects.enabled().select_related("team")) if tickets else []
        if not ready:
            return
        numbers = [ticket.number for ticket in tickets]
        said, under_way = _said_before(numbers), _under_way(numbers)
        known = known_of(tickets, now, criteria.asked_of(ready))
        shut = closed()
        for ticket in tickets:
            if ticket.channel in shut:
                continue
            asked = [one for one in ready if one.criterion.pk not in said[ticket.number]]
            self._look_at(ticket, known[ticket.number], asked, under_way[ticket.number])

    def _look_at(self, ticket: Ticket, known: Known, asked: Sequence[Ready], under_way: Collection[str]) -> None:
        met = [one for one in asked if criteria.is_met(one, known.facts)]
        useful = [one.criterion for one in met if _is_useful(one.criterion, ticket, under_way)]
        self.fired += [Fired(ticket, criterion, known.facts) for criterion in useful]
        waiting = [one for one in asked if one not in met]
        at = criteria.next_look(waiting, known.facts, known.signs, self._now)
        if at is not None:
            self.again[ticket.number] = at

    def rows(self) -> list[dict[str, Any]]:
        if not self.fired:
            return []
        words = vocabulary_for(*(one.criterion.conditions for one in self.fired), with_signals=True)
        return [
            {
                "ticket_id": one.ticket.number,
                "criterion_id": one.criterion.pk,
                "mode": one.criterion.mode,
                **_asked(one.criterion),
                "fired": what_fired(one.criterion, one.facts, words),
                "at": self._now,
                "next_word_at": self._now if one.criterion.mode == CriterionMode.PROPOSE else None,
            }
            for one in self.fired
        ]

    def lines(self) -> list[Line]:
        return [
            line(one.ticket.number, "escalation.criterion_met", now=self._now, criterion=one.criterion.name)
            for one in self.fired
        ]


def _asked(criterion: Criterion) -> dict[str, Any]:
    """What is proposed, as the criterion says it now."""
    return {
        "escalate_as": criterion.escalate_as,
        "severity": criterion.severity,
        "reason": criterion.reason,
        "team_id": criterion.team_id,
        "ladder": "",
    }


def what_fired(criterion: Criterion, facts: Facts, words: Vocabulary) -> dict[str, Any]:
    """The criterion, its conditions in one sentence, and for each of them what was found on this ticket."""
    return {
        "criterion": criterion.name,
        "kind": criterion.kind_words,
        "sentence": conditions.in_words(criterion.conditions, words),
        "parts": [
            {"key": part.key, "words": part.words, "found": part.found}
            for part in conditions.explain(criterion.conditions, facts, words)
        ],
    }


def _is_useful(criterion: Criterion, ticket: Ticket, under_way: Collection[str]) -> bool:
    """Not what is under way already, nor a team that has the ticket."""
    is_there = criterion.escalate_as == EscalateAs.FUNCTIONAL and criterion.team_id == ticket.team_id
    return not is_there and criterion.escalate_as not in under_way


def _said_before(numbers: Sequence[int]) -> Mapping[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for number, criterion in Proposal.objects.filter(ticket__in=numbers).values_list("ticket_id", "criterion_id"):
        found[number].add(criterion)
    return found


def _under_way(numbers: Sequence[int]) -> Mapping[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    live = Escalation.objects.filter(ticket__in=numbers, state__in=LIVE_STATES)
    for number, kind in live.values_list("ticket_id", "kind"):
        found[number].add(kind)
    return found
