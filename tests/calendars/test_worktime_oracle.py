"""`worktime` against an oracle that counts minutes; `make oracle` asks 100,000 questions of each kind."""

import ast
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from calendars import worktime
from calendars.worktime import WorkCalendar
from tests.calendars import oracle
from tests.calendars.mutants import FOUND, mutant
from tests.calendars.oracle import MINUTE
from tests.calendars.scenes import CASES, PARTS, Scene, as_calendar, scenes

TICK = timedelta(microseconds=1)
Check = Callable[[Scene, WorkCalendar], None]


def check_due(scene: Scene, calendar: WorkCalendar) -> None:
    chance, film = scene.chance("amounts"), scene.film
    for first, last in scene.spans("due"):
        # The work of a random span ends as often as not at the end of a period.
        amount = film.worked(first, last) or chance.randint(1, min(600, scene.hours.weekly))
        assert calendar.due(film.at(first), amount * MINUTE) == film.at(film.due(first, amount)), scene


def check_worked(scene: Scene, calendar: WorkCalendar) -> None:
    film = scene.film
    for first, last in scene.spans("worked"):
        start, end, expected = film.at(first), film.at(last), film.worked(first, last) * MINUTE
        intervals = list(calendar.intervals(start, end))
        assert calendar.worked(start, end) == expected, scene
        assert sum((to - from_ for from_, to in intervals), timedelta()) == expected, scene
        assert all(start <= from_ < to <= end for from_, to in intervals), scene
        assert all(earlier.to < later.from_ for earlier, later in pairwise(intervals)), scene


def check_next_open(scene: Scene, calendar: WorkCalendar) -> None:
    film = scene.film
    for first, _ in scene.spans("next open"):
        assert calendar.next_open(film.at(first)) == film.at(film.next_open(first)), scene


def check_ticks(scene: Scene, calendar: WorkCalendar) -> None:
    """What must hold of any answer, to the microsecond and far from what the film has seen."""
    chance = scene.chance("ticks")
    for first, _ in scene.spans("ticks"):
        start = scene.film.at(first) + chance.randrange(60_000_000) * TICK
        # Sparse weeks would need decades for the longest of these.
        amount = min(chance.randint(1, 90 * 24 * 3_600_000_000) * TICK, 40 * scene.hours.weekly * MINUTE)
        due = calendar.due(start, amount)
        assert calendar.worked(start, due) == amount, scene
        assert calendar.worked(start, due - TICK) == amount - TICK, scene


def ask(check: Check, part: int, questions: int = CASES) -> None:
    for scene in scenes(check.__name__, part, questions):
        check(scene, as_calendar(scene.hours))


in_parts = pytest.mark.parametrize("part", range(PARTS))


@in_parts
def test_a_due_time_is_where_the_minutes_have_been_counted(part):
    ask(check_due, part)


@in_parts
def test_working_time_between_two_instants_is_the_count_of_its_minutes(part):
    ask(check_worked, part)


@in_parts
def test_the_next_opening_is_the_first_working_minute(part):
    ask(check_next_open, part)


@in_parts
def test_a_due_time_and_the_time_worked_until_then_agree_to_the_microsecond(part):
    ask(check_ticks, part, CASES // 3)


# Slips of the kind that such code has: each is one line, and none shows on an ordinary Tuesday.
SLIPS = [
    ("a skipped time is one before the skip", check_due, "    if before >= after:\n", "    if True:\n"),
    ("a skip is taken for an hour later", check_worked, "return late\n", "return late + _DAY // 24\n"),
    ("a time shown twice is its second", check_worked, "aware - before\n", "aware - min(before, after)\n"),
    ("a holiday is a day like others", check_due, "self._exceptions.get(day, ", "{}.get(day, "),
    ("a night shift into the new year is lost", check_worked, "begins.date() - 3 * _DAY", "begins.date()"),
    (
        "closing time is the next opening",
        check_due,
        "bisect_left(self.passed_after,",
        "bisect_right(self.passed_after,",
    ),
    (
        "the work of last year is forgotten",
        check_due,
        "            left -= year.total\n",
        "            left = amount\n",
    ),
    ("last year is not added", check_worked, "range(first.year, last.year):", "range(first.year + 1, last.year):"),
    ("it opens where it is open", check_next_open, "max(self.opened[index], at) if", "self.opened[index] if"),
    ("the turn of the year is a break", check_worked, "kept and kept.to == part.from_", "False"),
    (
        "the hours of the day before hold",
        check_due,
        "for period in self.on(day):",
        "for period in self.on(day - _DAY):",
    ),
]


@pytest.mark.parametrize(("name", "check", "old", "new"), SLIPS, ids=[slip[0] for slip in SLIPS])
def test_the_oracle_finds_the_slip(name, check, old, new, monkeypatch):
    changed = mutant(monkeypatch, worktime, old, new)

    with pytest.raises(FOUND):
        for scene in scenes("slips", questions=15_000, parts=1):
            check(scene, as_calendar(scene.hours, changed))


@pytest.mark.parametrize("path", ["calendars/oracle.py", "sla/by_hand.py"])
def test_the_oracle_knows_nothing_of_what_it_judges(path):
    tree = ast.parse((Path(oracle.__file__).parents[1] / path).read_text())

    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}

    assert {name.split(".")[0] for name in modules} & {"calendars", "sla", "tickets", "common", "config"} == set()
