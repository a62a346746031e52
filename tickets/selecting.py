"""The tickets that conditions describe: by the database where it can tell, in Python where words or patterns are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.db.models.fields.json import KeyTransform

from tickets.conditions import Conditions, Shape, Test, compiled
from tickets.conditions.grammar import test_of
from tickets.matching import facts_for, keys_in
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet
from tickets.search.fulltext import holding
from tickets.search.grammar import Term
from tickets.tally import MOST, tally

# Keys whose words stand in the index of the search.
_INDEXED = ("keywords", "subject", "message")

# Where words or patterns are asked for, texts are read, and no more than these.
MOST_READ = 5000

_COLUMNS = {
    "priority": "priority",
    "type": "kind",
    "channel": "channel",
    "team": "team__slug",
    "tier": "organisation__tier",
    "organisation": "organisation__slug",
    "contract": "organisation__contract",
    "language": "requester__language",
}
_GIVEN = {
    "team": Q(team__isnull=False),
    "tier": Q(organisation__isnull=False),
    "organisation": Q(organisation__isnull=False),
    "contract": Q(organisation__isnull=False) & ~Q(organisation__contract=""),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """How many were found, `MOST + 1` for “and more”; `read` of how many texts where not all of them were read."""

    number: int
    read: int | None = None


def narrowed(tickets: TicketQuerySet, conditions: Conditions) -> tuple[TicketQuerySet, Conditions]:
    """Those for which everything holds but what is asked of texts, and those conditions, left to be asked.

    Where one of some keywords is asked for, the index narrows them down first.
    """
    rest: dict[str, Any] = {}
    for key, asked in conditions.items():
        test = test_of(key, asked)
        tickets = _NARROW[test.shape](tickets, test)
        if test.shape is Shape.TEXT:
            rest[key] = asked
    return tickets, rest


def count(conditions: Conditions, *, since: datetime) -> Counted:
    """How many tickets opened since then meet the conditions; neither the trash nor what went into another."""
    opened = Ticket.objects.filter(created_at__gte=since, trashed_at=None, merged_into=None)
    found, rest = narrowed(opened, conditions)
    if not rest:
        return Counted(tally(found))
    numbers = list(found.order_by("-number").values_list("number", flat=True)[: MOST_READ + 1])
    holds, number = compiled(rest), 0
    for _number, facts in facts_for(numbers[:MOST_READ], asked=keys_in([rest])):
        number += holds(facts)
        if number > MOST:
            return Counted(number)
    return Counted(number, read=MOST_READ if len(numbers) > MOST_READ else None)


def _one(tickets: TicketQuerySet, test: Test) -> TicketQuerySet:
    if test.field:
        return _field(tickets, test)
    column = _COLUMNS[test.key]
    if test.any is not None:
        tickets = tickets.filter(**{f"{column}__in": test.any})
    if test.none is not None:
        tickets = tickets.exclude(**{f"{column}__in": test.none})
    if test.given is not None:
        tickets = tickets.filter(_GIVEN[test.key] if test.given else ~_GIVEN[test.key])
    return tickets


def _field(tickets: TicketQuerySet, test: Test) -> TicketQuerySet:
    """By an alias, for a field's key may be a word that the ORM has a meaning for (“in”, “date”)."""
    name = f"asked{len(tickets.query.annotations)}"
    tickets = tickets.alias(**{name: KeyTransform(test.field, "fields")})
    is_there = Q(fields__has_key=test.field)
    if test.given is not None:
        tickets = tickets.filter(is_there if test.given else ~is_there)
    if test.any is not None:
        tickets = tickets.filter(_equal(name, test.any))
    if test.none is not None:
        tickets = tickets.filter(~is_there | ~_equal(name, test.none))
    if test.low is not None:
        tickets = tickets.filter(is_there, **{f"{name}__gte": test.low})
    if test.high is not None:
        tickets = tickets.filter(is_there, **{f"{name}__lte": test.high})
    return tickets


def _equal(name: str, values: Iterable[Any]) -> Q:
    found = Q()
    for value in values:
        found |= Q(**{name: value})
    return found


def _tags(tickets: TicketQuerySet, test: Test) -> TicketQuerySet:
    # A sub-select, not a join: a ticket with two of the tags is still one row.
    tagged = Ticket.tags.through.objects.order_by()
    if test.any is not None:
        tickets = tickets.filter(number__in=tagged.filter(tag__name__in=test.any).values("ticket"))
    for name in test.all or ():
        tickets = tickets.filter(number__in=tagged.filter(tag__name=name).values("ticket"))
    if test.none is not None:
        tickets = tickets.exclude(number__in=tagged.filter(tag__name__in=test.none).values("ticket"))
    if test.given is not None:
        has_some = Q(number__in=tagged.values("ticket"))
        tickets = tickets.filter(has_some if test.given else ~has_some)
    return tickets


def _words(tickets: TicketQuerySet, test: Test) -> TicketQuerySet:
    """Whatever holds a keyword stands in the index, which knows later messages and notes too, but no address."""
    if test.key not in _INDEXED:
        return tickets
    if test.any is not None:
        found = Q()
        for word in test.any:
            found |= holding([Term("", str(word))])
        tickets = tickets.filter(found)
    for word in test.all or ():
        tickets = tickets.filter(holding([Term("", str(word))]))
    return tickets


_NARROW: dict[Shape, Callable[[TicketQuerySet, Test], TicketQuerySet]] = {
    Shape.ONE: _one,
    Shape.MANY: _tags,
    Shape.TEXT: _words,
}
