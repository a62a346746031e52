"""Ledgers of every kind: what may happen to a clock, at any time, under calendars that change."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from random import Random

from calendars.worktime import ALWAYS, WorkTime
from sla.ledger import Entry
from tests.calendars.oracle import DAY_MINUTES, MINUTE, EveryMinute, Film
from tests.calendars.scenes import (
    CASES,
    EVENT,
    PARTS,
    QUESTIONS,
    ZONES,
    Scene,
    as_calendar,
    hours,
    near_the_event,
    scenes,
)
from tests.sla.by_hand import Line

KINDS = ["started", "paused", "resumed", "retargeted", "met", "breached", "cancelled", "reopened", "set_aside"]
# How often each happens: pauses most.
_WEIGHTS = [1, 12, 6, 4, 1, 1, 1, 3, 1]


@dataclass(frozen=True)
class History:
    """The same life of a clock for the ledger and for the hand; `until` is in minutes of the film, too."""

    scene: Scene
    entries: list[Entry]
    lines: list[Line]
    until: datetime
    until_minute: int


def histories(purpose: str, part: int = 0, count: int = CASES, parts: int = PARTS) -> Iterator[History]:
    """A part of so many, at least."""
    for scene in scenes(f"histories {purpose}", part, count, parts):
        yield from of(scene)


@lru_cache(maxsize=100)
def of(scene: Scene) -> list[History]:
    """Lives that share two calendars and round the clock."""
    chance = scene.chance("histories")
    other = hours(chance, chance.choice(ZONES), scene.origin + EVENT * MINUTE)
    calendars: list[tuple[WorkTime, Film]] = [
        (as_calendar(scene.hours), scene.film),
        (as_calendar(other), other.film(scene.origin)),
        (ALWAYS, EveryMinute(scene.origin)),
    ]
    longest = min(scene.hours.weekly, other.weekly)
    return [_history(chance, scene, calendars, longest) for _ in range(QUESTIONS)]


def _history(chance: Random, scene: Scene, calendars: list[tuple[WorkTime, Film]], longest: int) -> History:
    targets = [
        chance.randint(1, min(longest, chance.choice([60, DAY_MINUTES // 2, 7 * DAY_MINUTES]))) for _ in range(3)
    ]
    begins = at = near_the_event(chance)
    entries, lines = [], []

    def write(kind: str, target: int | None = None, calendar: tuple[WorkTime, Film] | None = None) -> None:
        work_time, film = calendar or (None, None)
        amount = target and target * MINUTE
        entries.append(Entry(scene.origin + at * MINUTE, kind, amount, work_time))
        lines.append(Line(at, kind, target, film))

    write("started", chance.choice(targets), chance.choice(calendars))
    for _ in range(chance.randint(1, 8)):
        at += -chance.randint(0, 30) if chance.random() < 0.04 else chance.randint(0, chance.choice([60, 600]))
        kind = chance.choices(KINDS, _WEIGHTS)[0]
        if kind == "retargeted":
            write(kind, chance.choice([None, *targets]), chance.choice([None, *calendars]))
        else:
            write(kind)
    until = max(chance.choice(lines).at, begins) + chance.randint(0, chance.choice([0, 300, 4000]))
    return History(scene, entries, lines, scene.origin + until * MINUTE, until)
