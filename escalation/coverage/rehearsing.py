"""What a ladder would do if something were opened at a chosen moment and nobody acknowledged. Pure.

The same walk as `alerting.foretelling`, over levels that need not be saved; a test holds the two together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from escalation.coverage.standing import Gap, Standing, hears, instead_of, standing
from escalation.coverage.world import LadderFacts, LevelFacts, Person, TeamFacts, World


@dataclass(frozen=True, slots=True)
class Told:
    """One level with its moment. `deaf` are those whom it alerts and who would not hear of it then, and why.

    `instead`: who is alerted in the place of the last level where that reaches nobody.
    """

    level: LevelFacts
    at: datetime
    standing: Standing
    deaf: Sequence[tuple[Person, Gap]] = ()
    is_closed: bool = False
    instead: Sequence[Person] = ()

    @property
    def people(self) -> Sequence[Person]:
        return self.standing.people

    @property
    def told(self) -> Sequence[Person]:
        """Whoever is really alerted."""
        return self.people or self.instead


def rehearse(world: World, ladder: LadderFacts, team: TeamFacts | None, severity: int, at: datetime) -> list[Told]:
    """Level by level, each counted from the one before; one that nobody stands on costs no time."""
    told: list[Told] = []
    for level in ladder.levels:
        if not told or told[-1].people:
            at += level.delay
        opens = ladder.hours.next_open(at) if level.in_hours else at
        if opens > at and level is not ladder.levels[-1]:
            told.append(Told(level, at, Standing(()), is_closed=True))
            continue
        at = opens
        found = standing(world, level, team, at)
        deaf = [(one, gap) for one in found.people if (gap := hears(one, level, severity, at))]
        is_end = level is ladder.levels[-1] and not found.people
        instead = instead_of(world, level, team, any(one.people for one in told), at) if is_end else ()
        told.append(Told(level, at, found, deaf, instead=instead))
    return told


def again(told: Told) -> list[datetime]:
    """The moments of its repeats, the ladder's hours left aside."""
    every = told.level.repeat_every or timedelta()
    return [told.at + every * n for n in range(1, told.level.repeat_times + 1)] if every else []
