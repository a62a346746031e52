"""Search: words and terms over the tickets that somebody may see, and over nothing else.

Every word must occur: in the subject, the customer's name, address or company, the number, a file's name, or a message
that the reader may see. A query that means nothing raises QueryError, which is InvalidInput on the field `q`, with one
sentence and the place of the wrong part.
"""

from collections.abc import Sequence
from datetime import datetime

from common import clock
from people.models import User
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet
from tickets.search.fulltext import holding, in_public_words
from tickets.search.grammar import LONGEST_QUERY, MOST_PARTS, QueryError, Term, parse
from tickets.search.terms import Reader, condition_of, is_open_only

__all__ = ["LONGEST_QUERY", "MOST_PARTS", "QueryError", "Term", "find", "has_words", "is_among_open", "parse"]


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
