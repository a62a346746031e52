"""Who is named with an @ in what colleagues write to each other, in notes and in rooms."""

import re
from collections import Counter
from collections.abc import Iterable

from people.models import User

# An @ inside an address is no mention.
_AT = re.compile(r"(?<![\w.@+-])@(?=\w)")


def named(text: str, people: Iterable[User]) -> list[User]:
    """Everybody named in the text, in its order, nobody twice."""
    known = handles(people)
    found: dict[User, None] = {}
    for start, end in spans(text, known):
        found[known[text[start + 1 : end].casefold()]] = None
    return list(found)


def handles(people: Iterable[User]) -> dict[str, User]:
    """What may stand behind an @ for each: the full name, the address before its @, the first name if nobody shares it.

    In small letters. What would name two people names nobody.
    """
    everybody = list(people)
    exact = [(handle, user) for user in everybody for handle in {user.name.casefold(), _local_part(user)}]
    first = [(user.name.partition(" ")[0].casefold(), user) for user in everybody]
    return {**_unambiguous(first), **_unambiguous(exact)}


def spans(text: str, known: Iterable[str]) -> list[tuple[int, int]]:
    """Where the text names one of the handles, with the @; of two that fit the longer one counts."""
    longest_first = sorted(known, key=len, reverse=True)
    found = []
    for match in _AT.finditer(text):
        for handle in longest_first:
            end = match.end() + len(handle)
            if text[match.end() : end].casefold() == handle and not text[end : end + 1].isalnum():
                found.append((match.start(), end))
                break
    return found


def _local_part(user: User) -> str:
    return user.email.partition("@")[0].casefold()


def _unambiguous(given: Iterable[tuple[str, User]]) -> dict[str, User]:
    pairs = list(given)
    count = Counter(handle for handle, _user in pairs)
    return {handle: user for handle, user in pairs if handle and count[handle] == 1}
