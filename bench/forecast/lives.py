"""Lives of tickets with known causes of escalation: what a forecast should find, and what nobody could.

Each quarter of a day a ticket that is not done may be escalated, the likelier the longer its customer waits, the
oftener it was handed over, while it has no owner, and for customers who escalate anyway. A promise that is missed
escalates by itself, as the desk does it. The rest is chance, which no forecast finds.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import exp

HOUR = 3600.0
STEP = 6 * HOUR
BASE = 0.0003
WAITING, HANDED, UNOWNED, TOUCHY, URGENT = 2.0, 1.3, 2.0, 3.2, 1.2
TARGET_HOURS = {"urgent": 72, "high": 120, "normal": 240, "low": 336}


@dataclass(slots=True)
class Life:
    """Seconds from the beginning of the past; `ended` and `escalated` None where it has not come to that."""

    opened: float
    customer: int
    priority: str
    due: float
    wrote: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    owners: list[tuple[float, int]] = field(default_factory=list)
    ended: float | None = None
    escalated: float | None = None
    broken: float | None = None


def lives(count: int, *, seconds: float, customers: int, seed: int) -> Iterator[Life]:
    """Spread evenly over so many seconds."""
    chance = random.Random(seed)
    touchy = [chance.random() < 0.08 for _ in range(customers)]
    for _ in range(count):
        customer = min(int(customers * chance.random() ** 2), customers - 1)
        yield _life(chance, chance.random() * seconds, seconds, customer, touchy[customer])


def _life(chance: random.Random, opened: float, now: float, customer: int, is_touchy: bool) -> Life:
    priority = chance.choices(tuple(TARGET_HOURS), (5, 15, 60, 20))[0]
    life = Life(opened, customer, priority, opened + TARGET_HOURS[priority] * HOUR)
    ended = min(opened + chance.lognormvariate(3.4, 0.8) * HOUR, opened + 60 * 24 * HOUR)
    _talk(life, chance, ended)
    _own(life, chance, ended)
    at = opened
    while at < min(ended, now):
        if at >= life.due:
            life.broken = life.escalated = life.due
            break
        if chance.random() < _danger(life, at, is_touchy):
            life.escalated = at + chance.random() * STEP
            break
        at += STEP
    if life.escalated is not None and life.escalated >= min(ended, now):
        life.escalated = None
    if life.broken is not None and life.broken >= now:
        life.broken = None
    life.ended = ended if ended < now else None
    return _up_to(life, now)


def _danger(life: Life, at: float, is_touchy: bool) -> float:
    asked = max(said for said in life.wrote if said <= at)
    waits = at - asked if not any(asked <= said <= at for said in life.answered) else 0.0
    before = [owner for since, owner in life.owners if since <= at]
    odds = WAITING * min(waits / (24 * HOUR), 2) + HANDED * max(len(before) - 2, 0)
    odds += UNOWNED * (before[-1] == 0) + TOUCHY * is_touchy + URGENT * (life.priority == "urgent")
    return min(BASE * exp(odds), 0.5)


def _talk(life: Life, chance: random.Random, ended: float) -> None:
    """The customer writes, somebody answers after a while, and so on; slow answers make more words."""
    at = life.opened
    while at < ended:
        life.wrote.append(at)
        answer = at + chance.lognormvariate(1.8, 1.2) * HOUR
        if answer < ended:
            life.answered.append(answer)
        at = answer + chance.lognormvariate(2.6, 0.8) * HOUR
    if ended not in life.answered:
        life.answered.append(ended)


def _own(life: Life, chance: random.Random, ended: float) -> None:
    """Nobody's at first; then somebody's, and sometimes somebody else's."""
    life.owners.append((life.opened, 0))
    at = life.opened + chance.lognormvariate(0.6, 1.3) * HOUR
    while at < ended:
        life.owners.append((at, chance.randrange(1, 41)))
        if chance.random() > 0.35:
            break
        at += chance.lognormvariate(2.2, 0.9) * HOUR


def _up_to(life: Life, now: float) -> Life:
    life.wrote = [at for at in life.wrote if at < now]
    life.answered = [at for at in life.answered if at < now]
    life.owners = [(at, owner) for at, owner in life.owners if at < now]
    return life
