"""The desk as a proof needs it: people, teams, duties and ladders at one moment, without a database. Pure.

`loading` makes it in a number of queries that no number of people raises; `proving` asks it about thousands of moments.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from calendars.worktime import ALWAYS, WorkTime
from notifications.quiet import Wishes

_NO_WISHES = Wishes(UTC)


class Span(NamedTuple):
    """From one instant up to, but without, another."""

    starts_at: datetime
    ends_at: datetime

    def holds(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True, slots=True)
class Person:
    """`has_way`: something besides the page reaches him. What is as grave as `breaks_through` ignores his quiet."""

    key: int
    name: str
    is_active: bool = True
    is_colleague: bool = True
    manages: bool = False
    is_admin: bool = False
    deputy: int | None = None
    away: tuple[Span, ...] = ()
    language: str = "en"
    skills: frozenset[int] = frozenset()
    has_way: bool = True
    wishes: Wishes = _NO_WISHES
    # The working hours that he keeps to, by his own wish; `wishes` knows them as well.
    works: WorkTime | None = None
    breaks_through: int = 2

    def is_there(self, at: datetime) -> bool:
        return self.is_active and not any(span.holds(at) for span in self.away)


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """People by their keys, in the order in which they are alerted."""

    key: int
    name: str
    lead: int | None = None
    managers: tuple[int, ...] = ()
    members: tuple[int, ...] = ()
    parent: int | None = None
    is_fallback: bool = False
    is_restricted: bool = False

    def lets_in(self, person: Person) -> bool:
        """Whether he may hear of its matters in the place of another (`people.chain.hearing_of`)."""
        inside = person.key in (self.lead, *self.managers, *self.members)
        return not self.is_restricted or person.manages or inside


class OnDuty(NamedTuple):
    person: int
    span: Span


@dataclass(frozen=True, slots=True)
class LevelFacts:
    """One level, as configured or as somebody is just typing it; `delay` counts from the level before."""

    level: int
    reach: str
    delay: timedelta = timedelta()
    steps_up: int = 1
    named: tuple[int, ...] = ()
    in_hours: bool = False
    by_mail: bool = True
    repeat_every: timedelta | None = None
    repeat_times: int = 0


@dataclass(frozen=True, slots=True)
class LadderFacts:
    """`languages` and `skills`: what somebody who is reached must have. `team` is None where it serves many."""

    key: int | None
    name: str
    levels: tuple[LevelFacts, ...]
    team: int | None = None
    hours: WorkTime = ALWAYS
    languages: tuple[str, ...] = ()
    skills: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class World:
    people: Mapping[int, Person]
    teams: Mapping[int, TeamFacts]
    duties: Mapping[int, Sequence[OnDuty]] = field(default_factory=dict)
    ladders: Mapping[int, LadderFacts] = field(default_factory=dict)
    skills: Mapping[int, str] = field(default_factory=dict)

    def admins(self) -> list[Person]:
        return sorted((one for one in self.people.values() if one.is_admin), key=lambda one: (one.name, one.key))

    def fallback(self) -> TeamFacts | None:
        return next((team for team in self.teams.values() if team.is_fallback), None)

    def served_by(self, ladder: LadderFacts) -> list[TeamFacts]:
        """Its own team; without one all that have no ladder of their own. By name."""
        if ladder.team is not None:
            return [self.teams[ladder.team]] if ladder.team in self.teams else []
        taken = {one.team for one in self.ladders.values() if one.key != ladder.key}
        return sorted((team for team in self.teams.values() if team.key not in taken), key=lambda team: team.name)
