"""The engine: one function that finds what is due and acts on it (DESIGN §2, §3).

Beat drives it through `tasks.sweep`, the watchdog runs the very same when beat, worker or broker are gone, and
any number may run at once: rows are claimed by the ticket's lock and asked again under it, and the constraint on
`Escalation.breach` stands behind that.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from django.db import transaction

from common import clock, heartbeat
from common.batches import oldest_first, share
from common.failpoints import Point, reach
from common.setbacks import Round
from escalation.actions import lock_escalation
from escalation.alerting import alerts, learning_letters
from escalation.alerting.climbing import climb
from escalation.alerting.foretelling import next_after
from escalation.alerting.widening import widen
from escalation.automatic import reminding, urgent
from escalation.automatic.assessing import assess
from escalation.automatic.giving_way import give_way_to
from escalation.automatic.ruled import answer_rules
from escalation.deadlines.rounds import lapse
from escalation.deadlines.winding import is_owed, remind_again, who_is_late
from escalation.enums import OF_LEARNING, DeadlineKind
from escalation.hierarchical.deciding import move_decision_up, pass_over
from escalation.holders import with_managers
from escalation.initiate.opening import answer_breaches, answer_crossings
from escalation.initiate.proposals import open_owed
from escalation.models import Ask, Deadline, Escalation
from escalation.recording import record_of_sweep
from notifications import letters
from notifications.actions import notify
from people.models import Team, User
from sla import sweep as clocks
from sla.models import Breach, Clock, Crossing
from tickets.models import Ticket

logger = logging.getLogger(__name__)

# A batch asks some forty times, however many it holds, and its tickets are locked for about half a second.
BATCH = 1000
NAME = "sweep"
# What the answer to a letter looks at of its ticket: a whole one is twice as much to read.
_LOOKED_AT = (
    *("subject", "team_id", "assignee_id", "organisation_id", "requester_id"),
    *("severity", "escalation_state", "escalation_number", "snoozed_until"),
)

Letter = TypeVar("Letter", Breach, Crossing)
Answer = Callable[[Sequence[Letter], datetime], None]


def run() -> dict[str, int]:
    """One round over everything; returns how many of each were handled. Beats the heart when done."""
    clock.synchronise()
    done: dict[str, int] = {}
    failed: list[Exception] = []
    for name, part in _PARTS.items():
        try:
            done[name] = part(clock.now())
        except Exception as error:
            logger.exception("The part “%s” of the round failed; the others go on.", name)
            failed.append(error)
    if failed:
        # No heartbeat: this round was not whole, and somebody has to notice.
        raise failed[0]
    heartbeat.beat(NAME, now=clock.now(), **done)
    return done


def answer_all(now: datetime) -> int:
    """Open one escalation for every breach that has none."""
    return _answer_letters(Breach, "due_at", _answer_breaches, now)


def answer_thresholds(now: datetime) -> int:
    """Open one escalation for every threshold that asks for one."""
    return _answer_letters(Crossing, "crossed_at", _answer_crossings, now)


def _answer_letters(model: type[Letter], moment: str, answer: Answer[Letter], now: datetime) -> int:
    due = model.objects.to_answer(now)
    return sum(_answer(model, keys, answer, now) for keys in oldest_first(due, moment, BATCH))


def _answer(model: type[Letter], keys: Sequence[int], answer: Answer[Letter], now: datetime) -> int:
    try:
        answered = _answer_together(model, keys, answer, now)
        reach(Point.AFTER_COMMIT)
        return answered
    except Exception:
        logger.exception("A batch of %d letters (%s) failed; taking them one by one.", len(keys), model.__name__)
    return sum(_answer_alone(model, key, answer, now) for key in keys)


def _answer_alone(model: type[Letter], key: int, answer: Answer[Letter], now: datetime) -> int:
    try:
        return _answer_together(model, [key], answer, now)
    except Exception:
        logger.exception("%s %d failed.", model.__name__, key)
        clocks.put_off(model, key, now)
        return 0


@transaction.atomic
def _answer_together(model: type[Letter], keys: Sequence[int], answer: Answer[Letter], now: datetime) -> int:
    numbers = model.objects.filter(pk__among=set(keys)).values("ticket_id")
    free = Ticket.objects.filter(number__in=numbers).with_customer_name().only(*_LOOKED_AT)
    free = free.order_by("number").select_for_update(of=("self",), skip_locked=True)
    locked = {ticket.number: ticket for ticket in free}
    reach(Point.AFTER_CLAIM)
    # Asked again under the lock: another sweep may have answered since.
    letters = list(model.objects.to_answer(now).filter(pk__among=set(keys), ticket__among=locked))
    share(letters, "responsible_team", Team.objects.with_people())
    for letter in letters:
        letter.ticket = locked[letter.ticket_id]
    answer(letters, now)
    reach(Point.BEFORE_COMMIT)
    return len(letters)


def _answer_breaches(breaches: Sequence[Breach], now: datetime) -> None:
    """An early escalation of the same promise that nobody has taken further than its first step gives way."""
    opened = answer_breaches(breaches, now=now)
    give_way_to(opened, now=now)


def _answer_crossings(crossings: Sequence[Crossing], now: datetime) -> None:
    share(crossings, "clock", Clock.objects.all())
    answer_crossings(crossings, now=now)


def check_deadlines(now: datetime) -> int:
    """Alert where an escalation's own promise was missed; it opens nothing (DESIGN §3.2)."""
    due = Deadline.objects.with_moment_due(now)
    return sum(_try(key, now) for keys in oldest_first(due, "next_moment", BATCH) for key in keys)


@transaction.atomic
def _miss_one(key: int, now: datetime) -> None:
    escalation = lock_escalation(Deadline.objects.values_list("escalation_id", flat=True).get(pk=key))
    deadline = Deadline.objects.select_for_update().get(pk=key)
    if deadline.next_moment is None or deadline.next_moment > now:
        return
    reach(Point.AFTER_CLAIM)
    deadline.next_moment = None
    if not is_owed(deadline, escalation):
        deadline.cancelled_at = now
        deadline.save(update_fields=["next_moment", "cancelled_at"])
        return
    deadline.escalation = escalation
    if deadline.kind == DeadlineKind.WIDEN:
        widen(deadline, now)
        reach(Point.BEFORE_COMMIT)
        return
    deadline.missed_at = now
    deadline.save(update_fields=["next_moment", "missed_at"])
    if deadline.kind == DeadlineKind.APPROVAL:
        move_decision_up(escalation, now=now)
    remind_again(deadline, escalation, now)
    whom = {"audience": deadline.audience} if deadline.audience else {}
    record_of_sweep(escalation, "deadline_missed", now=now, promise=deadline.kind, **whom)
    if lapse(escalation, deadline.kind, now):
        record_of_sweep(escalation, "ladder_again", now=now, round=escalation.ladder_round)
    # Told last: the letter says what the ladder does from now on.
    notify(
        recipients=who_is_late(deadline, escalation, now) or with_managers([escalation.manager], escalation, now),
        compose=_letter_of(deadline, escalation, now),
        dedupe=f"deadline:{deadline.pk}",
        now=now,
    )
    reach(Point.BEFORE_COMMIT)


def _letter_of(missed: Deadline, escalation: Escalation, now: datetime) -> Callable[[User], letters.Letter]:
    if missed.kind in OF_LEARNING:
        return partial(learning_letters.missed, missed)
    return partial(alerts.missed, missed, next_after(escalation, now))


def pass_over_the_absent(now: datetime) -> int:
    """Ask somebody else for a decision where whoever was asked has left or gone away since."""
    setbacks = Round("decisions", now)
    found = setbacks.open(Ask.objects.waiting().of_the_absent(now), "escalation").order_by("pk")
    numbers = list(found.values_list("escalation_id", flat=True)[:BATCH])
    return setbacks.each(numbers, lambda number: pass_over(number, now=now))


def _try(key: int, now: datetime) -> int:
    """In a transaction of its own; one that fails is put off and stops nobody."""
    try:
        _miss_one(key, now)
        reach(Point.AFTER_COMMIT)
    except Exception:
        logger.exception("Deadline %d failed.", key)
        row = Deadline.objects.get(pk=key)
        row.attempts += 1
        row.next_moment = now + timedelta(seconds=2 ** min(row.attempts, 10))
        row.save(update_fields=["attempts", "next_moment"])
        return 0
    return 1


# In this order: a clock that is due now is a breach, an escalation and an alert in the very same round.
_PARTS: dict[str, Callable[[datetime], int]] = {
    "clocks": clocks.collect,
    "thresholds": answer_thresholds,
    "breaches": answer_all,
    "rungs": climb,
    "deadlines": check_deadlines,
    "asks": pass_over_the_absent,
    "assessed": assess,
    "rules": answer_rules,
    "criteria": open_owed,
    "urgent": urgent.give_owners,
    "proposals": reminding.tell,
}
