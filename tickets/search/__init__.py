"""Search: words and terms over the tickets that somebody may see, and over nothing else.

Every word must occur: in the subject, the customer's name, address or company, the number, a file's name, or a message
that the reader may see. A query that means nothing raises QueryError, which is InvalidInput on the field `q`, with one
sentence and the place of the wrong part.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from common import clock
from common.questions import Question
from people.models import User
from tickets.models import Message, Ticket
from tickets.querysets import TicketQuerySet
from tickets.search.excerpts import Piece, excerpt, wanted
from tickets.search.fulltext import holding, in_public_words
from tickets.search.grammar import LONGEST_QUERY, MOST_PARTS, QueryError, Term, parse
from tickets.search.terms import Reader, condition_of, is_open_only

__all__ = [
    "LONGEST_QUERY",
    "MOST_PARTS",
    "Piece",
    "QueryError",
    "Term",
    "excerpts",
    "find",
    "has_words",
    "is_among_open",
    "parse",
]

# Of a page's tickets the newest messages are looked into, and of each its beginning.
LOOKED_INTO, BEGINNING = 400, 4_000


def find(user: User, query: str, *, now: datetime | None = None) -> TicketQuerySet:
    """The tickets that the person may see and that the query describes; all of them for an empty one."""
    found = Ticket.objects.visible_to(user)
    terms = parse(query)
    reader = Reader(user, now or clock.now())
    for term in terms:
        if term.key:
            condition = condition_of(term, reader)
            found = found.exclude(condition) if term.negated else found.filter(condition)
    return _with_words(found, [term for term in terms if not term.key], user)


def has_words(query: str) -> bool:
    """Whether words are asked for, and not only terms: their findings are shown newest first."""
    return any(not term.key for term in parse(query))


def excerpts(query: str, numbers: Sequence[int]) -> dict[int, tuple[Piece, ...]]:
    """Of tickets that `find` has found for somebody who works here: who wrote the words last, and where. One query.

    What was found elsewhere, in a subject or a name, is missing. Notes are among what is shown.
    """
    pattern = wanted(parse(query))
    if pattern is None or not numbers:
        return {}
    found: dict[int, tuple[Piece, ...]] = {}
    for number, author, start in _newest.rows(*numbers):
        if number not in found and (pieces := excerpt(start, pattern)):
            found[number] = (Piece(f"{author or _('Somebody')}: "), *pieces)
    return found


@Question
def _newest(*tickets: int) -> "QuerySet[Message, tuple[int, str | None, str]]":
    newest = Message.objects.filter(ticket__in=tickets).order_by("-pk").annotate(start=Substr("body", 1, BEGINNING))
    return newest.values_list("ticket_id", "author__name", "start")[:LOOKED_INTO]


def is_among_open(query: str) -> bool:
    """Whether the query can find open tickets only, so that nobody need look among the others."""
    return is_open_only(parse(query))


def _with_words(found: TicketQuerySet, asked: Sequence[Term], user: User) -> TicketQuerySet:
    # A dash or a smiley is no word; among words it is passed over, alone it is found nowhere.
    terms = [term for term in asked if term.words]
    if asked and not terms:
        return found.none()
    wanted = [term for term in terms if not term.negated]
    unwanted = [term for term in terms if term.negated]
    if user.is_agent:
        found = found.filter(holding(wanted)) if wanted else found
        for term in unwanted:
            found = found.exclude(holding([term]))
        return found
    for term in wanted:
        found = found.filter(in_public_words(term))
    for term in unwanted:
        found = found.exclude(in_public_words(term))
    return found
