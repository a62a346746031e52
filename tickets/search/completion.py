"""What could stand at the caret of the search box: keys, and the values of a key."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q

from people.models import Organisation, User
from tickets.models import CustomField, Tag
from tickets.search.grammar import LONGEST_QUERY
from tickets.search.terms import Key, field_key, keys_for

MOST = 8

# What stands before the caret, back to the last blank outside of quotation marks.
_PART = re.compile(
    r'(?P<minus>-?)(?:(?P<key>[a-z_][a-z0-9_]*):(?P<operator>[<>]=?)?)?(?P<text>[^\s"]*)$', re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text` takes the place of the characters from `start` to `end`."""

    text: str
    start: int
    end: int


def complete(user: User, query: str, caret: int) -> list[Suggestion]:
    """At most eight; none inside quotation marks. Never raises: what is being written may mean nothing yet."""
    caret = max(0, min(caret, len(query), LONGEST_QUERY))
    before = query[:caret]
    match = None if before.count('"') % 2 else _PART.search(before)
    if match is None:
        return []
    found = _values(user, match) if match["key"] else _keys(user, match["text"])
    start = match.start("text")
    # The value behind the last comma is the one being written.
    start += match["text"].rfind(",") + 1 if match["key"] else 0
    return [Suggestion(text, start, caret) for text in list(found)[:MOST]]


def _keys(user: User, begun: str) -> Iterator[str]:
    known = list(keys_for(user))
    if user.is_agent:
        known += CustomField.objects.in_use().values_list("key", flat=True)
    return (f"{name}:" for name in known if begun and name.startswith(begun.casefold()))


def _values(user: User, match: "re.Match[str]") -> Iterable[str]:
    name = match["key"].casefold()
    begun = match["text"].rpartition(",")[2].casefold()
    key = _key(user, name)
    if key is None:
        return []
    if name in _LOOKED_UP:
        return [*_LOOKED_UP[name](begun), *_beginning(key.values(user), begun)]
    # After an operator only what can be compared: “none” and “past” cannot.
    operator = match["operator"] or ""
    values = [value for value in key.values(user) if not operator or value[0].isalnum()]
    return _beginning(values, begun)


def _key(user: User, name: str) -> Key | None:
    known = keys_for(user)
    if name in known or not user.is_agent:
        return known.get(name)
    field = CustomField.objects.in_use().filter(key=name).first()
    return field_key(field) if field else None


def _beginning(values: Sequence[str], begun: str) -> list[str]:
    return [_quoted(value) for value in values if value.casefold().startswith(begun)]


def _tags(begun: str) -> list[str]:
    return [_quoted(name) for name in Tag.objects.filter(name__startswith=begun).values_list("name", flat=True)[:MOST]]


def _colleagues(begun: str) -> list[str]:
    known = User.objects.active().staff()
    staff = known.filter(Q(email__istartswith=begun) | Q(pk__in=known.with_name(begun).values("pk")))
    return list(staff.order_by("email").values_list("email", flat=True)[:MOST])


def _customers(begun: str) -> list[str]:
    if not begun:
        return []
    people = User.objects.active().filter(email__istartswith=begun)
    return list(people.order_by("email").values_list("email", flat=True)[:MOST])


def _organisations(begun: str) -> list[str]:
    return list(Organisation.objects.filter(slug__startswith=begun).values_list("slug", flat=True)[:MOST])


def _quoted(value: str) -> str:
    return f'"{value}"' if re.search(r"[\s,]", value) else value


_LOOKED_UP = {
    "tag": _tags,
    "assignee": _colleagues,
    "watching": _colleagues,
    "mentions": _colleagues,
    "requester": _customers,
    "organisation": _organisations,
}
