"""From a ticket to the facts that rules look at."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TypeVar

from django.db.models import Min

from tickets.conditions import FIELD, Conditions, Facts, specificity
from tickets.models import Message, Ticket
from tickets.querysets import TicketQuerySet

# As many tickets as are read at once where all of them are looked at.
BATCH = 500

# Which record beside the ticket a key has to look into.
_RELATIONS = {
    "team": "team",
    "tier": "organisation",
    "organisation": "organisation",
    "contract": "organisation",
    "language": "requester",
    "sender": "requester",
}
_OF_ORGANISATION = frozenset(key for key, relation in _RELATIONS.items() if relation == "organisation")
# Keys that look into what the customer wrote.
TEXTS = frozenset({"keywords", "message"})
_EVERYTHING = frozenset({*_RELATIONS, "tags", *TEXTS})

_R = TypeVar("_R")


def facts_of(
    ticket: Ticket, *, text: str = "", asked: Collection[str] = _EVERYTHING, tags: Iterable[str] | None = None
) -> Facts:
    """What rules with these keys look at; what is not asked for is not looked up.

    `text` is the customer's first message, read here only if it is asked for and not given; `tags` are given for a
    ticket that is not stored yet. At most three queries: people and teams around the ticket, tags, text.
    """
    _bring(ticket, {_RELATIONS[key] for key in asked if key in _RELATIONS})
    # A question to the database each, so only where a rule looks at it.
    is_stored = not ticket._state.adding
    if tags is None:
        tags = (tag.name for tag in ticket.tags.all()) if "tags" in asked and is_stored else ()
    if not text and TEXTS.intersection(asked) and is_stored:
        text = first_words(ticket)
    organisation = ticket.organisation if _OF_ORGANISATION.intersection(asked) else None
    return Facts(
        priority=ticket.priority,
        kind=ticket.kind,
        channel=ticket.channel,
        team=ticket.team.slug if "team" in asked and ticket.team else "",
        tier=organisation.tier if organisation else "",
        organisation=organisation.slug if organisation else "",
        contract=organisation.contract if organisation else "",
        language=ticket.requester.language if "language" in asked else "",
        sender=ticket.requester.email if "sender" in asked else "",
        tags=frozenset(tags),
        subject=ticket.subject,
        text=text,
        fields=ticket.fields,
    )


_COLUMNS = (
    "number",
    "priority",
    "kind",
    "channel",
    "subject",
    "fields",
    "team__slug",
    "organisation__tier",
    "organisation__slug",
    "organisation__contract",
    "requester__language",
    "requester__email",
)


def facts_of_many(tickets: TicketQuerySet, *, asked: Collection[str] = _EVERYTHING) -> Iterator[tuple[int, Facts]]:
    """Number and facts of each, in the order of the numbers; a batch costs four queries at most."""
    ordered, last = tickets.order_by("number").values_list("number", flat=True), 0
    while numbers := list(ordered.filter(number__gt=last)[:BATCH]):
        yield from _batch(numbers, asked)
        last = numbers[-1]


def facts_for(numbers: Sequence[int], *, asked: Collection[str] = _EVERYTHING) -> Iterator[tuple[int, Facts]]:
    """The same of tickets by their numbers, batch by batch."""
    for start in range(0, len(numbers), BATCH):
        yield from _batch(numbers[start : start + BATCH], asked)


def _batch(numbers: Sequence[int], asked: Collection[str]) -> Iterator[tuple[int, Facts]]:
    tags = _tags_of(numbers) if "tags" in asked else {}
    texts = _texts_of(numbers) if TEXTS.intersection(asked) else {}
    rows = Ticket.objects.filter(number__in=numbers).order_by("number").values_list(*_COLUMNS)
    for number, priority, kind, channel, subject, fields, team, tier, organisation, contract, language, sender in rows:
        yield (
            number,
            Facts(
                priority=priority,
                kind=kind,
                channel=channel,
                subject=subject,
                fields=fields,
                team=team or "",
                tier=tier or "",
                organisation=organisation or "",
                contract=contract or "",
                language=language or "",
                sender=sender,
                tags=frozenset(tags.get(number, ())),
                text=texts.get(number, ""),
            ),
        )


def _tags_of(numbers: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for number, name in Ticket.tags.through.objects.filter(ticket__in=numbers).values_list("ticket_id", "tag__name"):
        found[number].append(name)
    return found


def _texts_of(numbers: Sequence[int]) -> dict[int, str]:
    first = Message.objects.public().filter(ticket__in=numbers).order_by().values("ticket").annotate(first=Min("pk"))
    return dict(Message.objects.filter(pk__in=first.values("first")).values_list("ticket_id", "body"))


def first_words(ticket: Ticket) -> str:
    """What the customer wrote first: the text that keywords are looked for in, beside the subject."""
    return ticket.messages.public().order_by("pk").values_list("body", flat=True).first() or ""


def keys_in(rules: Iterable[Conditions]) -> set[str]:
    """What these rules look at."""
    return {key for rule in rules for key in rule if not key.startswith(FIELD)}


def in_order(rules: Iterable[tuple[int, Conditions, _R]]) -> list[_R]:
    """As they are asked: by their order; of equal order the more specific first, then as given."""
    return [rule for _order, _conditions, rule in sorted(rules, key=_rank)]


def _rank(rule: tuple[int, Conditions, _R]) -> tuple[int, int, int]:
    order, conditions, _rule = rule
    keys, narrowness = specificity(conditions)
    return order, -keys, -narrowness


def _bring(ticket: Ticket, relations: set[str]) -> None:
    """Two or more records around a stored ticket that are not at hand, in one query instead of one each."""
    cache = ticket._state.fields_cache
    missing = [name for name in relations if name not in cache and getattr(ticket, f"{name}_id") is not None]
    if len(missing) < 2 or ticket._state.adding:
        return
    row = Ticket.objects.select_related(*missing).get(number=ticket.number)
    for name in missing:
        if getattr(row, f"{name}_id") == getattr(ticket, f"{name}_id"):
            setattr(ticket, name, getattr(row, name))
