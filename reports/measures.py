"""What databases count that Django has no word for, with the same answer on both."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, FloatField, Func, IntegerField
from django.db.models.sql.compiler import SQLCompiler


class Percentile(Aggregate):
    """The value below which this share of all lies, between two neighbours by a straight line; a half is the median."""

    name = "Percentile"
    function = "escala_percentile"
    output_field = FloatField()
    template = "%(function)s(%(expressions)s, %(share)s)"

    def __init__(self, expression: Any, share: float = 0.5, **extra: Any) -> None:
        super().__init__(expression, **extra)
        self.extra["share"] = repr(float(share))

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        own = self.copy()
        own.template = "PERCENTILE_CONT(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
        return own.as_sql(compiler, connection, **extra)


class StepOf(Func):
    """The number of the step in which a moment lies, from 0; `starts` are the instants at which the steps begin.

    The instants are Python's, of the reader's zone, so both databases cut a day with 25 hours in the same place.
    """

    output_field = IntegerField()

    def __init__(self, moment: Any, starts: Sequence[datetime], **extra: Any) -> None:
        super().__init__(moment, **extra)
        self.starts = tuple(starts)

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any) -> Any:
        sql, params = compiler.compile(self.source_expressions[0])
        return f"(WIDTH_BUCKET({sql}, %s::timestamptz[]) - 1)", [*params, list(self.starts)]

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any) -> Any:
        sql, params = compiler.compile(self.source_expressions[0])
        bounds = [connection.ops.adapt_datetimefield_value(start) for start in self.starts[1:]]
        cases = " ".join(f"WHEN {sql} < %s THEN {number}" for number in range(len(bounds)))
        given = [value for bound in bounds for value in (*params, bound)]
        return (f"(CASE {cases} ELSE {len(bounds)} END)", given) if bounds else ("0", [])


class SecondsUntil(Func):
    """Whole seconds from a moment until `now`; nought where there is none."""

    output_field = IntegerField()

    def __init__(self, moment: Any, now: datetime, **extra: Any) -> None:
        super().__init__(moment, **extra)
        self.until = int(now.timestamp())

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any) -> Any:
        sql, params = compiler.compile(self.source_expressions[0])
        return f"COALESCE(%s - FLOOR(EXTRACT(EPOCH FROM {sql}))::bigint, 0)", [self.until, *params]

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any) -> Any:
        sql, params = compiler.compile(self.source_expressions[0])
        return f"COALESCE(%s - CAST(STRFTIME('%%s', {sql}) AS INTEGER), 0)", [self.until, *params]


class _Gathered:
    """SQLite's own way to an aggregate: each value in turn, then the answer."""

    def __init__(self) -> None:
        self.values: list[float] = []
        self.share = 0.5

    def step(self, value: float | None, share: float) -> None:
        if value is not None:
            self.values.append(value)
            self.share = share

    def finalize(self) -> float | None:
        return percentile(sorted(self.values), self.share)


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """As PostgreSQL's `percentile_cont`."""
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    return low + (high - low) * (place - math.floor(place))


def teach(connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    """Of a new connection to SQLite: what a percentile is."""
    if connection.vendor == "sqlite":
        connection.connection.create_aggregate("escala_percentile", 2, _Gathered)
