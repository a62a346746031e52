"""What databases count that Django has no word for, with the same answer on both."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, IntegerField
from django.db.models.sql.compiler import SQLCompiler


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
