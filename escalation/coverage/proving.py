"""The proof: every ladder, team, severity and moment of the days to come, and the holes in between. Pure.

Between two change points (somebody leaves or comes back, a duty or working hours begin or end, a quiet night falls)
nobody is more or less reachable, so the answer for a change point is that of every quarter-hour up to the next one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise

from escalation.coverage.standing import (
    Gap,
    Standing,
    deciders,
    ever_asked,
    hears,
    is_ring,
    last_resort,
    standing,
    upward,
)
from escalation.coverage.world import LadderFacts, LevelFacts, Person, Span, TeamFacts, World
from escalation.enums import Reach

AHEAD = timedelta(days=14)
QUARTER = timedelta(minutes=15)
SEVERITIES = (1, 2, 3, 4)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cell:
    """One level at one moment. `heard` are those who would hear of it, by severity; None where it is not scheduled."""

    standing: Standing
    heard: tuple[tuple[Person, ...], ...] | None

    def count(self, severity: int) -> int | None:
        return None if self.heard is None else len(self.heard[severity - 1])


@dataclass(frozen=True, slots=True)
class Step:
    """From one change point to the next. `last_resort`: who is alerted where no level reaches anybody."""

    span: Span
    cells: tuple[Cell, ...]
    last_resort: tuple[Person, ...] = ()

    def anybody(self, severity: int) -> frozenset[Person]:
        return frozenset(one for cell in self.cells if cell.heard for one in cell.heard[severity - 1])


@dataclass(frozen=True, slots=True)
class Mark:
    """What kind of hole it is and where. `level` 0: the ladder or the chain as a whole; `detail`: a language, a skill.

    It is there for this severity and all that are less grave.
    """

    gap: Gap
    level: int = 0
    reach: str = ""
    severity: int = 1
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Hole:
    """`names` are those who should have been reached; `goes_to` the level that an alert would come to instead."""

    mark: Mark
    team: TeamFacts | None
    spans: tuple[Span, ...]
    names: tuple[str, ...] = ()
    goes_to: int = 0

    @property
    def length(self) -> timedelta:
        return sum((span.ends_at - span.starts_at for span in self.spans), timedelta())


@dataclass(frozen=True)
class Proof:
    """Of one ladder and one team."""

    world: World
    ladder: LadderFacts
    team: TeamFacts | None
    span: Span

    @cached_property
    def steps(self) -> list[Step]:
        points = sorted({*_points(self.world, self.ladder, self.team, self.span), self.span.starts_at})
        return [self._step(Span(*pair)) for pair in pairwise([*points, self.span.ends_at])]

    @cached_property
    def holes(self) -> list[Hole]:
        runs: dict[Mark, _Run] = {}
        for step in self.steps:
            for mark, names in self._marks(step):
                runs.setdefault(mark, _Run(names, self._goes_to(step, mark))).add(step.span)
        found = [Hole(mark, self.team, tuple(run.spans), run.names, run.goes_to) for mark, run in runs.items()]
        return sorted(found, key=lambda hole: (hole.spans[0].starts_at, hole.mark.level, hole.mark.gap))

    def at(self, moment: datetime) -> Step:
        """The step that holds this moment of the days that the proof is about."""
        return next(step for step in self.steps if step.span.holds(moment))

    def _step(self, span: Span) -> Step:
        cells = tuple(self._cell(level, span.starts_at) for level in self.ladder.levels)
        return Step(span, cells, last_resort(self.world, span.starts_at, self.team))

    def _cell(self, level: LevelFacts, at: datetime) -> Cell:
        found = standing(self.world, level, self.team, at)
        if not self._is_scheduled(level, found, at):
            return Cell(found, None)
        heard = (tuple(one for one in found.people if hears(one, level, grade, at) is None) for grade in SEVERITIES)
        return Cell(found, tuple(heard))

    def _is_scheduled(self, level: LevelFacts, found: Standing, at: datetime) -> bool:
        """Not out of its hours, nor where only a ticket can say who it is, nor above the top of somebody's chain."""
        if level.in_hours and self.ladder.hours.next_open(at) > at:
            return False
        if level.reach == Reach.ASSIGNEE:
            return False
        above_the_top = level.reach == Reach.MANAGERS_ABOVE and found.gap is Gap.NOBODY and not self._team_above(level)
        return not (above_the_top and self.ladder.team is None)

    def _team_above(self, level: LevelFacts) -> bool:
        return len(list(upward(self.world, self.team))) > level.steps_up

    def _marks(self, step: Step) -> Iterator[tuple[Mark, tuple[str, ...]]]:
        at = step.span.starts_at
        for level, cell in zip(self.ladder.levels, step.cells, strict=True):
            if cell.heard is not None:
                yield from self._of_a_level(level, cell, at)
        yield from self._of_the_ladder(step)
        yield from self._of_the_chain(at)

    def _of_a_level(self, level: LevelFacts, cell: Cell, at: datetime) -> Iterator[tuple[Mark, tuple[str, ...]]]:
        """The gravest severity at which nobody hears of it; less grave ones are heard of by no more people."""
        if cell.standing.gap is not None:
            names = tuple(person.name for person in cell.standing.asked)
            yield Mark(cell.standing.gap, level.level, level.reach), names
            return
        severity = next((grade for grade in SEVERITIES if not cell.count(grade)), None)
        if severity is None:
            return
        people = cell.standing.people
        gaps = {gap for person in people if (gap := hears(person, level, severity, at))}
        gap = Gap.QUIET if Gap.QUIET in gaps else Gap.NO_WAY if Gap.NO_WAY in gaps else Gap.OUTSIDER
        yield Mark(gap, level.level, level.reach, severity), tuple(person.name for person in people)

    def _of_the_ladder(self, step: Step) -> Iterator[tuple[Mark, tuple[str, ...]]]:
        levels, at = self.ladder.levels, step.span.starts_at
        if levels and not any(level.by_mail for level in levels):
            yield Mark(Gap.PAGE_ONLY), ()
        shut = [level for level in levels if level.in_hours and self.ladder.hours.next_open(at) > at]
        reached = step.anybody(SEVERITIES[0])
        if shut and not reached:
            yield Mark(Gap.CLOSED), ()
        if not reached:
            return
        for language in self.ladder.languages:
            if not any(person.language == language for person in reached):
                yield Mark(Gap.LANGUAGE, detail=language), ()
        for skill in self.ladder.skills:
            if not any(skill in person.skills for person in reached):
                yield Mark(Gap.SKILL, detail=self.world.skills.get(skill, "")), ()

    def _of_the_chain(self, at: datetime) -> Iterator[tuple[Mark, tuple[str, ...]]]:
        if self.team is not None and is_ring(self.world, self.team):
            yield Mark(Gap.CHAIN), tuple(team.name for team in upward(self.world, self.team))
        able = deciders(self.world, self.team, at)
        if not able:
            yield Mark(Gap.NO_DECIDER), ()
        elif len(able) == 1:
            yield Mark(Gap.OWN_DECIDER), (able[0].name,)

    def _goes_to(self, step: Step, mark: Mark) -> int:
        later = zip(self.ladder.levels, step.cells, strict=True)
        return next((level.level for level, cell in later if level.level > mark.level and cell.count(mark.severity)), 0)


@dataclass
class _Run:
    names: tuple[str, ...]
    goes_to: int
    spans: list[Span] = field(default_factory=list)

    def add(self, span: Span) -> None:
        """To the span before where it goes on."""
        if self.spans and self.spans[-1].ends_at == span.starts_at:
            self.spans[-1] = Span(self.spans[-1].starts_at, span.ends_at)
        else:
            self.spans.append(span)


def prove(world: World, ladder: LadderFacts, now: datetime) -> list[Proof]:
    """For each team that it serves, from this quarter-hour on."""
    span = Span(quarter(now), quarter(now) + AHEAD)
    teams: Sequence[TeamFacts | None] = world.served_by(ladder)
    if not teams and ladder.team is None and not world.teams:
        teams = [None]
    return [Proof(world, ladder, team, span) for team in teams]


def quarter(at: datetime) -> datetime:
    """The quarter-hour that it lies in."""
    return at - timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)


def _points(world: World, ladder: LadderFacts, team: TeamFacts | None, span: Span) -> Iterator[datetime]:
    """All moments within, at which an answer may change."""
    for at in _all_points(world, ladder, team, span):
        if span.starts_at < at < span.ends_at:
            yield at


def _all_points(world: World, ladder: LadderFacts, team: TeamFacts | None, span: Span) -> Iterator[datetime]:
    for duty in world.duties.get(team.key, ()) if team else ():
        yield from duty.span
    if any(level.in_hours for level in ladder.levels):
        for part in ladder.hours.intervals(*span):
            yield from part
    for person in ever_asked(world, ladder, team):
        for away in person.away:
            yield from away
        yield from _quiet_points(person, span)


def _quiet_points(person: Person, span: Span) -> Iterator[datetime]:
    """When his nights begin and end, and the working hours that he keeps to. A time that comes twice counts twice."""
    wishes = person.wishes
    if person.works is not None:
        for part in person.works.intervals(*span):
            yield from part
    if wishes.quiet is None:
        return
    for day in _days(span.starts_at.astimezone(wishes.zone).date(), span.ends_at.astimezone(wishes.zone).date()):
        for at in wishes.quiet:
            local = datetime.combine(day, at, tzinfo=wishes.zone)
            yield from (local.replace(fold=fold).astimezone(span.starts_at.tzinfo) for fold in (0, 1))


def _days(first: date, last: date) -> Iterable[date]:
    return (first + _DAY * n for n in range((last - first).days + 1))
