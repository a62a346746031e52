"""The tickets of the last days, put to the rules as they came in: what would have become of each. Writes nothing."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db import models
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from tickets import rewinding
from tickets.conditions import Facts
from tickets.matching import BATCH, facts_for
from tickets.models import Event, Ticket
from tickets.routing.book import Book
from tickets.routing.deciding import Decision, decide
from tickets.routing.grammar import Do
from tickets.routing.roster import Everybody, People

# Of the tickets of which something would be otherwise so many are kept for each kind of change: the newest.
NAMED = 12


class What(models.TextChoices):
    """What can be otherwise."""

    TEAM = "team", _("Team")
    OWNER = "owner", _("Owner")
    PRIORITY = "priority", _("Priority")
    SEVERITY = "severity", _("Severity")
    TAG = "tag", _("Tag")


class Change(NamedTuple):
    """One thing that would be otherwise with one ticket; empty for none: no team, no owner, a tag that comes or goes.

    Teams by short name, owners by name, severities as digits. `rule`: the key of the one that decided.
    """

    number: int
    was: str
    would: str
    rule: int


class Standing(NamedTuple):
    """What a ticket has of all that rules can give."""

    team: str
    owner: str
    priority: str
    severity: str
    tags: frozenset[str]


class Line(NamedTuple):
    """A line of a ticket's timeline, as far as `rewinding` looks at it."""

    kind: str
    data: dict[str, Any]


@dataclass(slots=True)
class Replayed:
    """In numbers, however many tickets there were; by number only the newest of each kind of change."""

    of: int
    tickets: int = 0
    fired: Counter[int] = field(default_factory=Counter)
    """By the rules' keys; 0 is a catch-all that nobody has ever changed."""
    changed: dict[What, Counter[tuple[str, str]]] = field(default_factory=lambda: {what: Counter() for what in What})
    examples: dict[What, list[Change]] = field(default_factory=lambda: {what: [] for what in What})
    touched: int = 0
    """Tickets with which anything would be otherwise."""

    @property
    def is_done(self) -> bool:
        return self.tickets >= self.of


def numbers_since(since: datetime) -> list[int]:
    """Of what came in since then, as far as it is still somewhere."""
    came = Ticket.objects.filter(created_at__gte=since, trashed_at=None, merged_into=None)
    return list(came.order_by("number").values_list("number", flat=True))


def replay(book: Book, numbers: Sequence[int], now: datetime, *, before: Book | None = None) -> Iterator[Replayed]:
    """The same object after each stretch, with what has been found so far.

    Otherwise is what is not as the ticket has it now, in what the rules say anything of; with `before`, what those
    rules would not have made of it. Owners are found as if everybody of today's teams had been there and none full,
    the turns and the loads counted from the first of these tickets: who was there then, nobody can say now.
    """
    found, people = Replayed(len(numbers)), (Everybody(now), Everybody(now))
    keys = book.keys | (before.keys if before else frozenset())
    if _tags(book) or (before is not None and _tags(before)):
        keys |= {"tags"}
    for start in range(0, len(numbers), BATCH):
        stretch = numbers[start : start + BATCH]
        standing = _standing(stretch)
        for number, facts, came in _rewound(stretch, keys):
            decision = _decided(book, came, people[0])
            if before is None:
                was = standing[number]._replace(team=facts.team, tags=facts.tags)
                would = _outcome(decision, was)
            else:
                arrived = Standing("", "", came.priority, "", came.tags)
                was, would = _outcome(_decided(before, came, people[1]), arrived), _outcome(decision, arrived)
            _count(found, decision, number, was, would)
        found.examples = {what: examples[-NAMED:] for what, examples in found.examples.items()}
        yield found


def arrivals(numbers: Sequence[int], keys: frozenset[str]) -> Iterator[tuple[int, str, Facts]]:
    """Number, the team that has it now, and the facts as they were when it came in. Five queries for a batch."""
    return ((number, now.team, came) for number, now, came in _rewound(numbers, keys))


def _rewound(numbers: Sequence[int], keys: frozenset[str]) -> Iterator[tuple[int, Facts, Facts]]:
    """Number, the facts of now and those of its arrival."""
    lines = _lines_of(numbers)
    for number, facts in facts_for(numbers, asked=keys):
        as_it_came = facts
        for line in reversed(lines.get(number, ())):
            as_it_came = rewinding.before(as_it_came, line)
        yield number, facts, replace(as_it_came, team="")


def _decided(book: Book, facts: Facts, people: People) -> Decision:
    """With whoever gets it counted: the next one is another's turn."""
    decision = decide(book, facts, people)
    if decision.owner is not None and decision.owner.key:
        choice = decision.owner
        people.give(choice.rule, choice.team, choice.key, takes_turn=choice.takes_turn)
    return decision


def _tags(book: Book) -> bool:
    return any(action.do == Do.TAG for rule in book.rules for action in rule.actions)


def _standing(numbers: Iterable[int]) -> dict[int, Standing]:
    rows = Ticket.objects.filter(number__in=numbers).values_list("number", "assignee__name", "priority", "severity")
    return {
        number: Standing("", owner or "", priority, str(severity or ""), frozenset())
        for number, owner, priority, severity in rows
    }


def _outcome(decision: Decision, otherwise: Standing) -> Standing:
    """What the rules make of a ticket that has this where they say nothing."""
    return Standing(
        team=decision.team,
        owner=decision.owner.name if decision.owner is not None else otherwise.owner,
        priority=decision.priority or otherwise.priority,
        severity=str(decision.severity or otherwise.severity),
        tags=otherwise.tags.union(decision.tags),
    )


def _count(found: Replayed, decision: Decision, number: int, was: Standing, would: Standing) -> None:
    found.tickets += 1
    found.fired.update(rule.key for rule in decision.fired)
    if was == would:
        return
    found.touched += 1
    rule = decision.rule.key if decision.rule else 0
    for what, before, after in _differences(was, would):
        found.changed[what][before, after] += 1
        found.examples[what].append(Change(number, before, after, rule))


def _differences(was: Standing, would: Standing) -> Iterator[tuple[What, str, str]]:
    for what in (What.TEAM, What.OWNER, What.PRIORITY, What.SEVERITY):
        before, after = getattr(was, what.value), getattr(would, what.value)
        if before != after:
            yield what, before, after
    yield from ((What.TAG, "", tag) for tag in sorted(would.tags - was.tags))
    yield from ((What.TAG, tag, "") for tag in sorted(was.tags - would.tags))


def _lines_of(numbers: Sequence[int]) -> dict[int, list[Line]]:
    rows = Event.objects.filter(ticket__in=numbers, kind__in=rewinding.CHANGES_FACTS).order_by("pk")
    found: dict[int, list[Line]] = defaultdict(list)
    for number, kind, text in rows.values_list("ticket_id", "kind", Cast("data", TextField())):
        found[number].append(Line(kind, json.loads(text)))
    return found
