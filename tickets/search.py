"""Search: words and terms over the tickets that somebody may see, and over nothing else.

Every word must occur, in the subject, the requester's name or address, the number, or a message that the reader
may see. A term is `key:value`; quotation marks make one word of several. A query that means nothing raises
InvalidInput with one sentence on the field `q`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from people.models import Team, User
from tickets.enums import ACTIVE_STATUSES, DONE_STATUSES, Priority, Status
from tickets.models import Message, Ticket
from tickets.querysets import TicketQuerySet

LONGEST_QUERY = 300
MOST_PARTS = 12

_PART = re.compile(
    r'(?P<key>[a-z_]+):(?!//)(?P<value>"[^"]*"|[^\s"]*)|"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+)', re.IGNORECASE
)
_NUMBER = re.compile(r"#?(\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Term:
    """`key:value`; a plain word has no key."""

    key: str
    value: str


def find(user: User, query: str) -> TicketQuerySet:
    """The tickets that the person may see and that the query describes; all of them for an empty one."""
    found = Ticket.objects.visible_to(user)
    for term in parse(query):
        found = found.filter(_condition(term, user))
    return found


def parse(query: str) -> list[Term]:
    """The parts of a query, in order."""
    if len(query) > LONGEST_QUERY or "\x00" in query:
        raise _wrong(_("A search has at most %(limit)d characters, all printable.") % {"limit": LONGEST_QUERY})
    if query.count('"') % 2:
        raise _wrong(_("A quotation mark is not closed."))
    terms = list(_parts(query))
    if len(terms) > MOST_PARTS:
        raise _wrong(_("A search has at most %(limit)d parts.") % {"limit": MOST_PARTS})
    return terms


def _parts(query: str) -> Iterator[Term]:
    for match in _PART.finditer(query):
        key = (match["key"] or "").casefold()
        value = (match["value"] if key else match["phrase"] or match["word"] or "").strip('" ')
        if key and not value:
            raise _wrong(_("“%(key)s:” needs a value.") % {"key": key[:40]})
        if value:
            yield Term(key, value)


def _condition(term: Term, user: User) -> Q:
    if not term.key:
        return _word(term.value, user)
    known = _TERMS if user.is_agent else _CUSTOMERS_TERMS
    if term.key not in known:
        raise _wrong(
            _("There is no “%(key)s:” to search by; there are %(known)s. For the text itself, use quotation marks.")
            % {"key": term.key[:40], "known": ", ".join(f"{key}:" for key in known)}
        )
    return known[term.key](term.value, user)


def _word(word: str, user: User) -> Q:
    messages = Message.objects.visible_to(user).filter(_contains("body", word), ticket=OuterRef("pk"))
    found = Q(Exists(messages))
    for field in ("subject", "requester__name", "requester__email"):
        found |= _contains(field, word)
    if number := _NUMBER.fullmatch(word):
        found |= Q(number=int(number[1]))
    return found


def _contains(field: str, word: str) -> Q:
    """Without regard to case. SQLite knows only the ASCII letters' case, so other words are asked for in each."""
    found = Q(**{f"{field}__icontains": word})
    if not word.isascii():
        for variant in {word.lower(), word.upper(), word.capitalize(), word.title()}:
            found |= Q(**{f"{field}__icontains": variant})
    return found


def _one_of(key: str, choices: dict[str, Q]) -> Callable[[str, User], Q]:
    """A term whose values are listed."""

    def condition(value: str, user: User) -> Q:
        try:
            return choices[value.casefold()]
        except KeyError:
            raise _wrong(
                _("There is no “%(key)s:%(value)s”; there are %(known)s.")
                % {"key": key, "value": value[:40], "known": ", ".join(choices)}
            ) from None

    return condition


def _team(value: str, user: User) -> Q:
    if value.casefold() == "none":
        return Q(team=None)
    if not Team.objects.filter(slug=value.casefold()).exists():
        raise _wrong(_("There is no team “%(slug)s”.") % {"slug": value[:40]})
    return Q(team__slug=value.casefold())


def _assignee(value: str, user: User) -> Q:
    named = {"me": Q(assignee=user), "none": Q(assignee=None)}
    return named.get(value.casefold()) or Q(assignee__email__iexact=value)


def _wrong(sentence: str) -> InvalidInput:
    return InvalidInput.of("q", sentence)


_IS = {
    "open": Q(status__in=ACTIVE_STATUSES),
    "closed": Q(status__in=DONE_STATUSES),
    "escalated": Q(escalation_state__isnull=False),
}
_ESCALATED = {"yes": Q(escalation_state__isnull=False), "no": Q(escalation_state=None)}
_STATUS: dict[str, Q] = {status.value: Q(status=status) for status in Status}
_PRIORITY: dict[str, Q] = {priority.value: Q(priority=priority) for priority in Priority}

# Customers search by what their own page shows them.
_CUSTOMERS_TERMS: dict[str, Callable[[str, User], Q]] = {
    "is": _one_of("is", _IS),
    "status": _one_of("status", _STATUS),
    "priority": _one_of("priority", _PRIORITY),
    "escalated": _one_of("escalated", _ESCALATED),
}
_TERMS: dict[str, Callable[[str, User], Q]] = {
    **_CUSTOMERS_TERMS,
    "is": _one_of("is", {**_IS, "unowned": Q(assignee=None)}),
    "team": _team,
    "assignee": _assignee,
    "requester": lambda value, user: Q(requester__email__iexact=value),
    "tag": lambda value, user: Q(tags__name=value.casefold()),
}
