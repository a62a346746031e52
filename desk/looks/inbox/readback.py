"""A search read back in words, term by term: “Open tickets of Payments, due within one day, without tag “duplicate””.

Each term is a whole phrase of its own, so that a language may order its words as it likes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import InvalidInput
from desk.looks.inbox.inbox import Asked
from desk.looks.inbox.views import VIEWS
from people.models import Team
from tickets.enums import Channel, Kind, Priority, Status
from tickets.models import CustomField
from tickets.search import QueryError, Term, parse
from tickets.search.terms import KEYS

# With, and turned round by a minus.
_PHRASES: dict[str, tuple[Promise, Promise]] = {
    "is": (gettext_lazy("%(value)s"), gettext_lazy("not %(value)s")),
    "team": (gettext_lazy("of %(value)s"), gettext_lazy("not of %(value)s")),
    "assignee": (gettext_lazy("owned by %(value)s"), gettext_lazy("not owned by %(value)s")),
    "requester": (gettext_lazy("asked by %(value)s"), gettext_lazy("not asked by %(value)s")),
    "tag": (gettext_lazy("with tag “%(value)s”"), gettext_lazy("without tag “%(value)s”")),
    "status": (gettext_lazy("in status %(value)s"), gettext_lazy("not in status %(value)s")),
    "priority": (gettext_lazy("of priority %(value)s"), gettext_lazy("not of priority %(value)s")),
    "escalated": (gettext_lazy("escalated: %(value)s"), gettext_lazy("escalated: not %(value)s")),
    "": (gettext_lazy("with the words “%(value)s”"), gettext_lazy("without the words “%(value)s”")),
}
_OTHER = (gettext_lazy("%(key)s %(value)s"), gettext_lazy("not %(key)s %(value)s"))
# With an operator: due:<2h, created:>2026-10-01.
_COMPARED = {
    "<": gettext_lazy("%(key)s under %(value)s"),
    "<=": gettext_lazy("%(key)s at most %(value)s"),
    ">": gettext_lazy("%(key)s over %(value)s"),
    ">=": gettext_lazy("%(key)s at least %(value)s"),
}
_DATED = {
    "<": gettext_lazy("%(key)s before %(value)s"),
    "<=": gettext_lazy("%(key)s by %(value)s"),
    ">": gettext_lazy("%(key)s after %(value)s"),
    ">=": gettext_lazy("%(key)s from %(value)s on"),
}
# With a length of time, about what is past: created:>7d.
_AGO = {
    "<": gettext_lazy("%(key)s less than %(value)s ago"),
    "<=": gettext_lazy("%(key)s at most %(value)s ago"),
    ">": gettext_lazy("%(key)s more than %(value)s ago"),
    ">=": gettext_lazy("%(key)s at least %(value)s ago"),
}
_PAST = frozenset({"created", "updated", "solved"})
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DUE = {
    "<": gettext_lazy("due within %(value)s"),
    "<=": gettext_lazy("due within %(value)s"),
    ">": gettext_lazy("due later than %(value)s"),
    ">=": gettext_lazy("due later than %(value)s"),
}
_SPANS = {
    "m": (gettext_lazy("one minute"), gettext_lazy("%(n)s minutes")),
    "h": (gettext_lazy("one hour"), gettext_lazy("%(n)s hours")),
    "d": (gettext_lazy("one day"), gettext_lazy("%(n)s days")),
    "w": (gettext_lazy("one week"), gettext_lazy("%(n)s weeks")),
}
_WORDS: dict[str, dict[str, Promise | str]] = {
    "is": {
        "open": gettext_lazy("open"),
        "closed": gettext_lazy("solved or closed"),
        "escalated": gettext_lazy("escalated"),
        "unowned": gettext_lazy("without an owner"),
    },
    "assignee": {"me": gettext_lazy("you"), "none": gettext_lazy("nobody")},
    "status": dict(Status.choices),
    "priority": dict(Priority.choices),
    "channel": dict(Channel.choices),
    "type": dict(Kind.choices),
    "escalated": {"yes": gettext_lazy("yes"), "no": gettext_lazy("no")},
}


def readback(asked: Asked) -> str:
    """The whole question in one sentence; nothing where nothing was asked. The search is known to be right."""
    terms = parse(asked.q)
    names, labels = _team_names(terms), _labels(terms)
    parts = [str(VIEWS[asked.view].words)] if asked.view and asked.q else []
    parts += [_phrase(term, names, labels) for term in terms]
    if not parts:
        return ""
    return _("Tickets: %(terms)s.") % {"terms": ", ".join(parts)}


def _phrase(term: Term, team_names: dict[str, str], labels: dict[str, str]) -> str:
    value = _(" or ").join(_word(term.key, one, team_names) for one in (term.values if term.key else [term.value]))
    known = {"key": labels.get(term.key, term.key), "value": value}
    if term.operator:
        said = str(_compared(term)[term.operator]) % known
        return _("not %(said)s") % {"said": said} if term.negated else said
    return str(_PHRASES.get(term.key, _OTHER)[term.negated]) % known


def _compared(term: Term) -> Mapping[str, Promise]:
    if term.key == "due":
        return _DUE
    if all(_DATE.fullmatch(value) for value in term.values):
        return _DATED
    return _AGO if term.key in _PAST else _COMPARED


def _word(key: str, value: str, team_names: dict[str, str]) -> str:
    if key == "team":
        return team_names.get(value.casefold(), value)
    known = _WORDS.get(key, {}).get(value.casefold())
    return str(known) if known else _span(value)


def _span(value: str) -> str:
    """“1d” as “one day”; anything else as it stands."""
    number, unit = value[:-1], value[-1:]
    if unit not in _SPANS or not (number.isascii() and number.isdigit()):
        return value
    one, many = _SPANS[unit]
    return str(one) if number == "1" else str(many) % {"n": number}


def _team_names(terms: list[Term]) -> dict[str, str]:
    slugs = [value.casefold() for term in terms if term.key == "team" for value in term.values]
    return dict(Team.objects.filter(slug__in=slugs).values_list("slug", "name")) if slugs else {}


def _labels(terms: list[Term]) -> dict[str, str]:
    """By which names the desk's own fields are read."""
    own = {term.key for term in terms if term.key and term.key not in KEYS}
    return dict(CustomField.objects.in_use().filter(key__in=own).values_list("key", "label")) if own else {}


@dataclass(frozen=True, slots=True)
class WrongPart:
    """A query in three, the part that means nothing in the middle."""

    before: str
    part: str
    after: str


def wrong_part(query: str, error: InvalidInput) -> WrongPart | None:
    """Where the query is wrong, for an error that knows it."""
    if not isinstance(error, QueryError):
        return None
    return WrongPart(query[: error.start], query[error.start : error.end], query[error.end :])
