"""What each `key:` of the search box asks of a ticket. A new key is a line in the table."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite, nan
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from people.enums import Tier
from people.models import Team, User
from tickets.enums import ACTIVE_STATUSES, DONE_STATUSES, PRIORITY_RANK, Channel, FieldType, Kind, Priority, Status
from tickets.models import CustomField, Mention, Ticket
from tickets.querysets import status_in
from tickets.search import moments
from tickets.search.grammar import QueryError, Term


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, and when."""

    user: User
    now: datetime


Condition = Callable[[Term, str, Reader], Q]


@dataclass(frozen=True, slots=True)
class Key:
    """A key: its condition for one value, the values to offer, and whether an operator may stand before one."""

    condition: Condition
    values: Callable[[User], Sequence[str]] = lambda user: ()
    compares: bool = False
    for_customers: bool = False


def condition_of(term: Term, reader: Reader) -> Q:
    """The term's condition, any of its values being enough. Raises QueryError."""
    key = _key_of(term, reader.user)
    if term.operator and not key.compares:
        raise term.wrong(_("“%(key)s:” takes no “%(operator)s”.") % {"key": term.key, "operator": term.operator})
    found = Q()
    for value in term.values:
        found |= key.condition(term, value, reader)
    return found


def keys_for(user: User) -> dict[str, Key]:
    """What this person may search by: customers by what their own page shows them."""
    return {name: key for name, key in KEYS.items() if user.is_agent or key.for_customers}


def _key_of(term: Term, user: User) -> Key:
    known = keys_for(user)
    if term.key in known:
        return known[term.key]
    if user.is_agent and (field := CustomField.objects.in_use().filter(key=term.key).first()):
        return field_key(field)
    raise term.wrong(
        _("There is no “%(key)s:” to search by; there are %(known)s. For the text itself, use quotation marks.")
        % {"key": term.key[:40], "known": ", ".join(f"{name}:" for name in known)}
    )


def field_key(field: CustomField) -> Key:
    """A custom field as a key (R22): equal, or compared where numbers and dates are."""
    path = f"fields__{field.key}"
    compares = field.type in {FieldType.NUMBER, FieldType.DATE}

    def condition(term: Term, value: str, reader: Reader) -> Q:
        if value.casefold() == "none":
            return Q(**{f"{path}__isnull": True})
        wanted = _READERS[FieldType(field.type)](term, value, field, reader)
        # So that a minus finds what has no value, too: of nothing it cannot be said that it is another.
        given = {f"{path}__isnull": False}
        if term.operator:
            return Q(**given, **{f"{path}{moments.LOOKUPS[term.operator]}": wanted})
        if field.type == FieldType.NUMBER:
            return Q(**given, **{f"{path}__gte": wanted, f"{path}__lte": wanted})
        return Q(**given, **{f"{path}__iexact": wanted})

    choices = [str(choice) for choice in field.choices] if field.type == FieldType.CHOICE else []
    return Key(condition, lambda user: [*choices, "none"], compares=compares)


def _text(term: Term, value: str, field: CustomField, reader: Reader) -> str:
    return value


def _day(term: Term, value: str, field: CustomField, reader: Reader) -> str:
    return moments.own_day(term, value)


def _choice(term: Term, value: str, field: CustomField, reader: Reader) -> str:
    """As it is offered, for SQLite folds the case of ASCII alone; one that is no more, where it was chosen before.

    That is, of what the reader sees.
    """
    offered = {choice.casefold(): choice for choice in map(str, field.choices)}
    if value.casefold() in offered:
        return offered[value.casefold()]
    if Ticket.objects.visible_to(reader.user).filter(**{f"fields__{field.key}__iexact": value}).exists():
        return value
    raise unknown(term, value, [*field.choices, "none"])


def _number(term: Term, value: str, field: CustomField, reader: Reader) -> float:
    try:
        number = float(value)
    except ValueError:
        number = nan
    if isfinite(number):
        return number
    raise term.wrong(_("“%(value)s” is no number.") % {"value": value[:40]})


_READERS: dict[FieldType, Callable[[Term, str, CustomField, Reader], object]] = {
    FieldType.TEXT: _text,
    FieldType.DATE: _day,
    FieldType.CHOICE: _choice,
    FieldType.NUMBER: _number,
}


def _one_of(choices: dict[str, Q]) -> tuple[Condition, Callable[[User], Sequence[str]]]:
    def condition(term: Term, value: str, reader: Reader) -> Q:
        try:
            return choices[value.casefold()]
        except KeyError:
            raise unknown(term, value, choices) from None

    return condition, lambda user: list(choices)


def unknown(term: Term, value: str, known: Iterable[str]) -> QueryError:
    return term.wrong(
        _("There is no “%(key)s:%(value)s”; there are %(known)s.")
        % {"key": term.key, "value": value[:40], "known": ", ".join(known)}
    )


def _priority(term: Term, value: str, reader: Reader) -> Q:
    if value.casefold() not in Priority.values:
        raise unknown(term, value, Priority.values)
    return Q(priority__in=_compared(PRIORITY_RANK, term.operator, PRIORITY_RANK[Priority(value.casefold())]))


def _severity(term: Term, value: str, reader: Reader) -> Q:
    if value.casefold() == "none":
        return Q(severity=None)
    level = value.casefold().removeprefix("s")
    if level not in {"1", "2", "3", "4"}:
        raise unknown(term, value, ("1", "2", "3", "4", "none"))
    return Q(**{f"severity{moments.LOOKUPS[term.operator]}": int(level)})


def _compared(ranks: dict[Priority, int], operator: str, rank: int) -> list[Priority]:
    holds = {"<": rank.__gt__, "<=": rank.__ge__, ">": rank.__lt__, ">=": rank.__le__, "": rank.__eq__}[operator]
    return [name for name, other in ranks.items() if holds(other)]


def _team(term: Term, value: str, reader: Reader) -> Q:
    if value.casefold() == "none":
        return Q(team=None)
    if value.casefold() == "mine":
        return Q(team__in=Team.objects.filter(Q(members=reader.user) | Q(lead=reader.user) | Q(managers=reader.user)))
    named = Team.objects.filter(Q(slug=value.casefold()) | Q(name__iexact=value))
    team = named.values_list("pk", flat=True).first()
    if team is None:
        raise term.wrong(_("There is no team “%(slug)s”.") % {"slug": value[:40]})
    return Q(team=team)


def _teams(user: User) -> list[str]:
    return [*Team.objects.order_by("name").values_list("slug", flat=True), "mine", "none"]


def _assignee(term: Term, value: str, reader: Reader) -> Q:
    return Q(assignee=None) if value.casefold() == "none" else Q(assignee__in=_colleagues(term, value, reader))


def _colleagues(term: Term, value: str, reader: Reader) -> Any:
    """“me”, an address, or how a colleague's name or one of its parts begins."""
    name = value.removeprefix("@")
    if name.casefold() == "me":
        return [reader.user.pk]
    if "@" in name:
        return User.objects.at_address(name)
    if named := list(User.objects.get_queryset().staff().with_name(name).values_list("pk", flat=True)):
        return named
    raise term.wrong(_("Nobody here is called “%(name)s”.") % {"name": value[:40]})


def _requester(term: Term, value: str, reader: Reader) -> Q:
    if value.casefold() == "none":
        return Q(requester=None)
    if value.casefold() == "me":
        return Q(requester=reader.user)
    if "@" not in value:
        raise term.wrong(_("“requester:” takes an e-mail address; a customer's name is found as a plain word."))
    return Q(requester__in=User.objects.at_address(value))


def _organisation(term: Term, value: str, reader: Reader) -> Q:
    return Q(organisation=None) if value.casefold() == "none" else Q(organisation__slug=value.casefold())


def _tag(term: Term, value: str, reader: Reader) -> Q:
    # A sub-select, not a join: a ticket with two of the tags is still one row.
    tagged = Ticket.tags.through.objects.order_by()
    if value.casefold() == "none":
        return ~Q(number__in=tagged.values("ticket"))
    return Q(number__in=tagged.filter(tag__name=value.casefold()).values("ticket"))


def _watching(term: Term, value: str, reader: Reader) -> Q:
    watched = Ticket.watchers.through.objects.filter(user__in=_colleagues(term, value, reader))
    return Q(number__in=watched.values("ticket"))


def _mentions(term: Term, value: str, reader: Reader) -> Q:
    named = Mention.objects.filter(user__in=_colleagues(term, value, reader))
    return Q(number__in=named.values("message__ticket"))


def _due(term: Term, value: str, reader: Reader) -> Q:
    if value.casefold() == "none":
        return Q(next_due_at=None)
    if value.casefold() == "past":
        return Q(next_due_at__lte=reader.now)
    return moments.due(term, value, reader.user, reader.now)


def _moment(field: str) -> Condition:
    return lambda term, value, reader: moments.past(field, term, value, reader.user, reader.now)


# Written out as the partial indexes have it, so that these are used.
_IS = {
    "open": Q(status_in(ACTIVE_STATUSES)),
    "closed": Q(status_in(DONE_STATUSES)),
    "escalated": Q(escalation_state__isnull=False),
}
_IS_OURS = {
    **_IS,
    "unowned": Q(assignee=None),
    "snoozed": Q(snoozed_until__isnull=False),
    "merged": Q(merged_into__isnull=False),
}


def _is(term: Term, value: str, reader: Reader) -> Q:
    known = _IS_OURS if reader.user.is_agent else _IS
    if value.casefold() not in known:
        raise unknown(term, value, known)
    return known[value.casefold()]


_OPEN: set[str] = {"open", *ACTIVE_STATUSES}
_CLOSED: dict[str, set[str]] = {"is": {"closed"}, "status": set(DONE_STATUSES)}


def is_open_only(terms: Iterable[Term]) -> bool:
    """Whether these leave open tickets alone: the database does not know that open and closed exclude each other."""
    return any(_leaves_open(term, {value.casefold() for value in term.values}) for term in terms if term.key in _CLOSED)


def _leaves_open(term: Term, values: set[str]) -> bool:
    return values >= _CLOSED[term.key] if term.negated else bool(values) and values <= _OPEN


_ESCALATED = {"yes": Q(escalation_state__isnull=False), "no": Q(escalation_state=None)}

KEYS: dict[str, Key] = {
    "is": Key(_is, lambda user: list(_IS_OURS if user.is_agent else _IS), for_customers=True),
    "status": Key(*_one_of({status.value: Q(status=status) for status in Status}), for_customers=True),
    "priority": Key(_priority, lambda user: Priority.values, compares=True, for_customers=True),
    "escalated": Key(*_one_of(_ESCALATED), for_customers=True),
    "created": Key(_moment("created_at"), lambda user: ("<24h", "<7d", ">30d"), compares=True, for_customers=True),
    "team": Key(_team, _teams),
    "assignee": Key(_assignee, lambda user: ("me", "none")),
    "requester": Key(_requester),
    "organisation": Key(_organisation),
    "tier": Key(*_one_of({tier.value: Q(organisation__tier=tier) for tier in Tier})),
    "tag": Key(_tag),
    "type": Key(*_one_of({kind.value: Q(kind=kind) for kind in Kind})),
    "channel": Key(*_one_of({channel.value: Q(channel=channel) for channel in Channel})),
    "severity": Key(_severity, lambda user: ("1", "2", "3", "4", "none"), compares=True),
    "due": Key(_due, lambda user: ("past", "<1h", "<1d", "none"), compares=True),
    "updated": Key(_moment("updated_at"), lambda user: ("<24h", ">7d"), compares=True),
    "solved": Key(_moment("solved_at"), lambda user: ("<24h", "<7d"), compares=True),
    "watching": Key(_watching, lambda user: ("me",)),
    "mentions": Key(_mentions, lambda user: ("me",)),
}
