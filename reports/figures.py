"""What figures of every report have in common: shares, changes around a day, names, and tables of groups."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from math import sqrt
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Avg, Count, ExpressionWrapper, F, FloatField, Model, Q, QuerySet

from people.models import User
from reports import statistics
from reports.asked import Asked
from reports.gathering import Gathered, Pool
from reports.grounds import SIDE, Ground
from reports.shape import Change, Report, Series
from reports.source import Build
from reports.statistics import Difference, Mean, Median, Share

# Of steps and bands the planner expects hundreds of thousands: with less room for groups it would sort them. To compile
# a statement takes longer than the statement.
ROOMY = "SET LOCAL work_mem = '64MB'; SET LOCAL hash_mem_multiplier = 16; SET LOCAL jit = off"
_Side = TypeVar("_Side", Mean, Median)


def with_room(build: Build) -> Build:
    """A report groups and sorts hundreds of thousands of rows; the server's usual room would send it to the disk."""

    def built(user: User, asked: Asked, *, now: datetime) -> Report:
        if connection.vendor != "postgresql":
            return build(user, asked, now=now)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(ROOMY)
            return build(user, asked, now=now)

    return built


def percent(hits: int, of: int) -> float | None:
    """Rounded down to a tenth, so that 100 means all; None of nothing."""
    return hits * 1000 // of / 10 if of else None


def share(part: int, of: int) -> float | None:
    """Of a whole that is told in its parts: rounded to a tenth, but 100 means all; None of nothing."""
    if not of:
        return None
    return 100.0 if part == of else min(round(part * 100 / of, 1), 99.9)


def names_of(model: type[Model], keys: Iterable[int | None], nobody: str) -> dict[int | None, str]:
    """One query; what has no key is `nobody`, and so is what has been removed meanwhile."""
    found = dict(
        model._default_manager.filter(pk__in={key for key in keys if key is not None}).values_list("pk", "name")
    )
    return {key: found.get(key, nobody) for key in {None, *keys}}


def line(key: str, name: str, steps: int, values: Mapping[int, float | int | None], **more: Any) -> Series:
    """A value for each step, or a gap."""
    return Series(key, name, tuple(values.get(number) for number in range(steps)), **more)


def counts(key: str, name: str, steps: int, values: Mapping[int, int]) -> Series:
    """The same of what is nothing where it is not there."""
    return Series(key, name, tuple(values.get(number, 0) for number in range(steps)))


def split(asked: Asked, ground: Ground, facts: "QuerySet[Any]") -> "tuple[QuerySet[Any], QuerySet[Any]] | None":
    """Those before the day of the plan and those from it on, where a plan is asked for that lies inside."""
    if not asked.is_divided:
        return None
    return facts.filter(ground.sooner(asked)), facts.filter(ground.later(asked))


def change_of_share(asked: Asked, ground: Ground, facts: "QuerySet[Any]", hit: Q) -> Change | None:
    """In points of a hundred. One query."""
    if not asked.is_divided:
        return None
    sides = {"before": ground.sooner(asked), "after": ground.later(asked)}
    found = facts.aggregate(
        **{f"{name}_hits": Count(ground.moment, filter=side & hit) for name, side in sides.items()},
        **{f"{name}_of": Count(ground.moment, filter=side) for name, side in sides.items()},
    )
    return between_shares(*(Share(found[f"{name}_hits"], found[f"{name}_of"]) for name in sides))


def between_shares(before: Share, after: Share) -> Change:
    values = [percent(one.hits, one.of) for one in (before, after)]
    return _change(values[0], values[1], statistics.shares(before, after), before.of, after.of, scale=100)


def change_of_median(asked: Asked, found: Gathered) -> Change | None:
    """Of what was gathered by its side of the plan."""
    if not asked.is_divided:
        return None
    sides = found.by(SIDE)
    return _of_two([_median(sides.get(side, Pool())) for side in (0, 1)], statistics.medians)


def change_of_mean(asked: Asked, ground: Ground, facts: "QuerySet[Any]", column: str) -> Change | None:
    """One query for each side."""
    parts = split(asked, ground, facts)
    if parts is None:
        return None
    return _of_two([_mean(part, column) for part in parts], statistics.means)


def change_of_count(asked: Asked, ground: Ground, facts: "QuerySet[Any]") -> Change | None:
    """So many a week. One query."""
    if asked.plan is None or not asked.is_divided:
        return None
    before, after = ground.sooner(asked), ground.later(asked)
    found = facts.aggregate(before=Count("pk", filter=before), after=Count("pk", filter=after))
    weeks = (asked.plan - asked.span.first).days / 7, ((asked.span.last - asked.plan).days + 1) / 7
    weekly = [round(found[name] / length, 2) for name, length in zip(("before", "after"), weeks, strict=True)]
    difference = statistics.rates(found["before"], weeks[0], found["after"], weeks[1])
    return _change(weekly[0], weekly[1], difference, found["before"], found["after"])


def _of_two(sides: Iterable[_Side | None], between: Callable[[_Side, _Side], Difference | None]) -> Change:
    before, after = sides
    difference = between(before, after) if before and after else None
    values = [one.value if one else None for one in (before, after)]
    cases = [one.of if one else 0 for one in (before, after)]
    return _change(values[0], values[1], difference, *cases)


def _median(pool: Pool) -> Median | None:
    """How many there are says which values bound the median."""
    if not pool:
        return None
    low, high = statistics.median_ranks(len(pool))
    shares = {"value": 0.5, "low": low, "high": high, "lower_quartile": 0.25, "upper_quartile": 0.75}
    return Median(**{name: pool.quantile(share) for name, share in shares.items()}, of=len(pool))


def _mean(facts: "QuerySet[Any]", column: str) -> Mean | None:
    square = ExpressionWrapper(F(column) * F(column), output_field=FloatField())
    found = facts.aggregate(value=Avg(column), square=Avg(square), of=Count(column))
    of, value = found["of"], found["value"]
    if not of:
        return None
    spread = max(0.0, float(found["square"]) - float(value) ** 2)
    return Mean(float(value), sqrt(spread * of / (of - 1)) if of > 1 else 0.0, of)


def _change(before: float | None, after: float | None, found: Difference | None, *cases: int, scale: int = 1) -> Change:
    if found is None:
        return Change(before, after, None, None, None, cases[0], cases[1])
    return Change(before, after, found.effect, found.low * scale, found.high * scale, cases[0], cases[1])
