"""How much each team had in hand hour by hour, from whose the tickets were. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

HOUR = timedelta(hours=1)

Holding = tuple[int | None, int | None]
"""A team and an owner, either of them or none."""


class Step(NamedTuple):
    """At an instant somebody has so many more tickets in hand, or less."""

    at: datetime
    of: Holding
    by: int


class Load(NamedTuple):
    hour: datetime
    team: int | None
    open: int
    people: int


def hours(held: "Counter[Holding]", steps: Iterable[Step], *, first: datetime, until: datetime) -> Iterator[Load]:
    """Each hour from `first` up to `until`, without it; `held` is in hand just before `first`, `steps` are in order."""
    held = Counter({of: count for of, count in held.items() if count})
    waiting = iter(steps)
    step = next(waiting, None)
    hour = first
    while hour < until:
        while step is not None and step.at <= hour:
            held[step.of] += step.by
            if not held[step.of]:
                del held[step.of]
            step = next(waiting, None)
        yield from _at(hour, held)
        hour += HOUR


def _at(hour: datetime, held: "Counter[Holding]") -> Iterator[Load]:
    open_: Counter[int | None] = Counter()
    people: Counter[int | None] = Counter()
    for (team, owner), count in held.items():
        open_[team] += count
        people[team] += owner is not None
    for team, count in open_.items():
        yield Load(hour, team, count, people[team])


def full_hour(at: datetime) -> datetime:
    """The one in which it lies."""
    return at.replace(minute=0, second=0, microsecond=0)
