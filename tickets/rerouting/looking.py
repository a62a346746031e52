"""The rules look at a ticket again when something has happened to it, and when nothing has for a while (R11).

Nothing is asked where something happens: `look_again` leaves a row in that transaction, which a round collects. Both
hold the ticket's lock, so nothing is looked at twice or overlooked, and a round costs what is due (DESIGN §3.1).
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from common.batches import oldest_first
from tickets import timeline
from tickets.actions import lock_ticket
from tickets.enums import MOVING_STATUSES, EventKind, RuleEvent
from tickets.matching import facts_of
from tickets.models import Event, QuietFiring, RoutingLook, RoutingRule, Ticket
from tickets.rerouting.doing import RULE, apply
from tickets.routing import Book, Ready, Turns, compiled, decide

logger = logging.getLogger(__name__)

BATCH = 200
# So often a change may set off a rule whose change sets off the next one; then it is cut, and the timeline says so.
MOST_ROUNDS = 5


def look_again(ticket: Ticket, events: Sequence[Event], *, now: datetime) -> None:
    """Leave the letter, where there is a rule to look; what a rule itself has done is none. One statement.

    A new ticket has its letter from `arriving`.
    """
    is_new = any(event.kind == EventKind.OPENED for event in events)
    if is_new or all(event.data.get("by_rule") == RULE for event in events) or not compiled().looks_again:
        return
    row, known = RoutingLook(ticket=ticket, next_moment=now, changed=True), ["next_moment", "changed"]
    RoutingLook.objects.bulk_create([row], update_conflicts=True, unique_fields=["ticket"], update_fields=known)


def run(now: datetime) -> int:
    """Look at every ticket whose moment has come; returns how many. One that fails stops no other."""
    _make_known(now)
    due = RoutingLook.objects.filter(next_moment__lte=now)
    return sum(_try(key, now) for keys in oldest_first(due, "next_moment", BATCH) for key in keys)


@transaction.atomic
def _make_known(now: datetime) -> None:
    """Tickets that were quiet before a rule was there, or was changed, have a moment too; whoever wrote the rule."""
    new = list(RoutingRule.objects.quiet_and_new().values_list("pk", "version"))
    if new:
        active = Ticket.objects.active().filter(trashed_at=None).order_by("number").values_list("number", flat=True)
        numbers = list(active)
        for start in range(0, len(numbers), BATCH):
            some = numbers[start : start + BATCH]
            RoutingLook.objects.bulk_create(
                [RoutingLook(ticket_id=number, next_moment=now) for number in some],
                update_conflicts=True,
                unique_fields=["ticket"],
                update_fields=["next_moment"],
            )
    for pk, version in new:
        RoutingRule.objects.filter(pk=pk, version=version).update(known_to_all=version)
    off = list(RoutingRule.objects.quiet_and_off().values_list("pk", flat=True))
    if off:
        RoutingRule.objects.filter(pk__in=off).update(known_to_all=0)


@transaction.atomic
def look(number: int, *, now: datetime) -> bool:
    """One ticket whose moment has come; False where another round has looked meanwhile."""
    ticket = lock_ticket(number)
    row = RoutingLook.objects.filter(ticket=number, next_moment__lte=now).first()
    if row is None:
        return False
    book = compiled()
    is_there = ticket.trashed_at is None and ticket.merged_into_id is None
    if is_there and row.changed:
        row.held = _changed(ticket, book, row.held or [], now)
    elif row.held is None:
        row.held = _holding(ticket, book)
    row.next_moment = _quiet(Ticket.objects.get(number=number), book, now) if is_there else None
    row.changed, row.attempts = False, 0
    row.save(update_fields=["held", "next_moment", "changed", "attempts"])
    return True


def _changed(ticket: Ticket, book: Book, held: Sequence[str], now: datetime) -> list[str]:
    """Let the rules fire that have come to hold; the marks of those that hold in the end.

    None fires twice here, whatever its own change or that of another makes of the ticket.
    """
    done: set[int] = set()
    for number in range(MOST_ROUNDS + 1):
        passing = done | {rule.key for rule in book.of(RuleEvent.CHANGE) if rule.mark in held}
        people = Turns(now)
        facts = facts_of(ticket, asked=book.keys)
        decision = decide(book, facts, people, event=RuleEvent.CHANGE, passing=passing)
        held = [rule.mark for rule in book.of(RuleEvent.CHANGE) if rule.failing(facts) is None]
        if not decision.fired:
            break
        if number == MOST_ROUNDS:
            left = decision.fired[0].name
            timeline.record(ticket, EventKind.ROUTING_CUT, now=now, rule=left, rounds=MOST_ROUNDS, by_rule=RULE)
            break
        apply(decision, ticket, people, now=now)
        done |= {rule.key for rule in decision.fired}
        ticket = Ticket.objects.get(number=ticket.number)
    return list(held)


def _holding(ticket: Ticket, book: Book) -> list[str]:
    facts = facts_of(ticket, asked=book.keys)
    return [rule.mark for rule in book.of(RuleEvent.CHANGE) if rule.failing(facts) is None]


def _quiet(ticket: Ticket, book: Book, now: datetime) -> datetime | None:
    """Let the rules fire whose quiet time is over; the next moment at which one could, though nothing happens.

    Who waits for the customer is not quiet, nor who sleeps; when that ends, something happens.
    """
    rules = book.of(RuleEvent.QUIET)
    if not rules or ticket.status not in MOVING_STATUSES or ticket.snoozed_until is not None:
        return None
    since = _quiet_since(ticket)
    ahead = []
    for rule in rules:
        at = rule.hours.due(since, rule.quiet_for)
        if at > now:
            ahead.append(at)
        else:
            _fire_once(ticket, rule, book, since, now)
    return min(ahead, default=None)


def _fire_once(ticket: Ticket, rule: Ready, book: Book, since: datetime, now: datetime) -> None:
    facts = facts_of(Ticket.objects.get(number=ticket.number), asked=book.keys)
    others = {other.key for other in book.of(RuleEvent.QUIET)} - {rule.key}
    if QuietFiring.objects.filter(ticket=ticket, rule=rule.key, quiet_since=since).exists():
        return
    people = Turns(now)
    decision = decide(book, facts, people, event=RuleEvent.QUIET, passing=others)
    if not decision.fired:
        return
    QuietFiring.objects.create(ticket=ticket, rule_id=rule.key, quiet_since=since, at=now)
    apply(decision, ticket, people, now=now)


def _quiet_since(ticket: Ticket) -> datetime:
    """When somebody last did something; what rules and clocks do is none of it."""
    done = ticket.events.exclude(actor=None).order_by("-at", "-pk").values_list("at", flat=True)
    return done.first() or ticket.created_at


def _try(key: int, now: datetime) -> int:
    try:
        return int(look(key, now=now))
    except Exception:
        logger.exception("The rules could not look at #%d.", key)
    row = RoutingLook.objects.filter(pk=key).first()
    if row is not None:
        row.attempts = min(row.attempts + 1, 10)
        row.next_moment = now + timedelta(seconds=2**row.attempts)
        row.save(update_fields=["attempts", "next_moment"])
    return 0
