"""Who is named in a text: “@anna”, “@anna.lindqvist”, “@AnnaLindqvist”. Pure."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

# Not inside of an address: what stands before the @ is no letter.
NAMED = re.compile(r"(?<![\w@.])@(\w[\w.\-]{0,63})")
MOST = 20


class Somebody(NamedTuple):
    pk: int
    name: str
    email: str


def named_in(body: str, people: Iterable[Somebody]) -> list[int]:
    """Keys of those who are named, in order, by address or whole name, or by a first name that only one has."""
    words = [word.rstrip(".-").casefold() for word in NAMED.findall(body)]
    if not words:
        return []
    known: dict[str, int] = {}
    everybody = list(people)
    first_names = Counter(_first(person.name) for person in everybody)
    for person in everybody:
        if first_names[_first(person.name)] == 1:
            known[_first(person.name)] = person.pk
    for person in everybody:
        known[person.email.partition("@")[0].casefold()] = person.pk
        known["".join(person.name.split()).casefold()] = person.pk
    return list(dict.fromkeys(known[word] for word in words if word in known))[:MOST]


def _first(name: str) -> str:
    return (name.split() or [""])[0].casefold()
