"""The tickets of the last days, put to the rules as they came in: what would have taken each. Writes nothing."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import TextField
from django.db.models.functions import Cast

from tickets import rewinding
from tickets.conditions import Facts
from tickets.matching import BATCH, facts_for
from tickets.models import Event, Ticket
from tickets.routing.book import Book
from tickets.routing.deciding import decide
from tickets.routing.placing import Nobody

# Of the tickets that would be elsewhere so many are kept by number: the newest.
NAMED = 12


class Move(NamedTuple):
    """A ticket that is with one team and would have come to another; both by short name, empty for none."""

    number: int
    was: str
    would: str
    rule: int


class Line(NamedTuple):
    """A line of a ticket's timeline, as far as `rewinding` looks at it."""

    kind: str
    data: dict[str, Any]


@dataclass(slots=True)
class Replayed:
    """In numbers, however many tickets there were; by number only the newest that would be elsewhere."""

    of: int
    tickets: int = 0
    fired: Counter[int] = field(default_factory=Counter)
    """By the rules' keys; 0 is a catch-all that nobody has ever changed."""
    teams: Counter[str] = field(default_factory=Counter)
    moved: Counter[tuple[str, str]] = field(default_factory=Counter)
    moves: list[Move] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        return self.tickets >= self.of


def numbers_since(since: datetime) -> list[int]:
    """Of what came in since then, as far as it is still somewhere."""
    came = Ticket.objects.filter(created_at__gte=since, trashed_at=None, merged_into=None)
    return list(came.order_by("number").values_list("number", flat=True))


def replay(book: Book, numbers: Sequence[int], *, before: Book | None = None) -> Iterator[Replayed]:
    """The same object after each stretch, with what has been found so far.

    What moves is what would not be with the team that has it now; with `before`, where those rules would have sent
    it. Teams only: who would have been given it then, nobody can say now.
    """
    found = Replayed(len(numbers))
    keys = book.keys | (before.keys if before else frozenset())
    for start in range(0, len(numbers), BATCH):
        for number, now, facts in arrivals(numbers[start : start + BATCH], keys):
            _put(found, book, before, number, now, facts)
        found.moves = found.moves[-NAMED:]
        yield found


def arrivals(numbers: Sequence[int], keys: frozenset[str]) -> Iterator[tuple[int, str, Facts]]:
    """Number, the team that has it now, and the facts as they were when it came in. Five queries for a batch."""
    lines = _lines_of(numbers)
    for number, facts in facts_for(numbers, asked=keys):
        as_it_came = facts
        for line in reversed(lines.get(number, ())):
            as_it_came = rewinding.before(as_it_came, line)
        yield number, facts.team, replace(as_it_came, team="")


def _put(found: Replayed, book: Book, before: Book | None, number: int, now: str, facts: Facts) -> None:
    decision = decide(book, facts, Nobody())
    found.tickets += 1
    found.fired.update(rule.key for rule in decision.fired)
    found.teams[decision.team] += 1
    was = now if before is None else decide(before, facts, Nobody()).team
    if was != decision.team:
        found.moved[was, decision.team] += 1
        found.moves.append(Move(number, was, decision.team, decision.rule.key if decision.rule else 0))


def _lines_of(numbers: Sequence[int]) -> dict[int, list[Line]]:
    rows = Event.objects.filter(ticket__in=numbers, kind__in=rewinding.CHANGES_FACTS).order_by("pk")
    found: dict[int, list[Line]] = defaultdict(list)
    for number, kind, text in rows.values_list("ticket_id", "kind", Cast("data", TextField())):
        found[number].append(Line(kind, json.loads(text)))
    return found
