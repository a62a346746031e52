"""Who uses a calendar. Floors above say so once, when they start; a calendar in use is not archived."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

Uses = Iterable[tuple[int, str]]
"""A calendar's key, and who uses it: `the policy “Enterprise”`."""

_ASKED: list[Callable[[Collection[int]], Uses]] = []


def register(asked: Callable[[Collection[int]], Uses]) -> None:
    """For `ready()` of an app: a function from calendars' keys to their users, in one query or two."""
    if asked not in _ASKED:
        _ASKED.append(asked)


def users_of(calendars: Collection[int]) -> dict[int, list[str]]:
    """The users of each calendar that has any, in words; cost does not grow with the number of calendars."""
    found: dict[int, list[str]] = defaultdict(list)
    for asked in _ASKED:
        for calendar, words in asked(calendars):
            found[calendar].append(words)
    return dict(found)
