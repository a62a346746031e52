"""Questions that are asked with every request, put into SQL once.

Django composes the SQL of a row and its neighbours anew each time, which takes several times as long as the answer.
What differs from one time to the next is a value or two; so the SQL is kept, and the rows are made as ever.

    @Question
    def _words_on(ticket: int, *, most: int) -> "QuerySet[Message]":
        return Message.objects.filter(ticket=ticket).order_by("-pk")[:most]

    _words_on.rows(ticket.pk, most=3)

A positional parameter is a value, of the kind that its annotation names: it becomes a parameter of the SQL as it is,
and nothing else may be done with it. A keyword-only one shapes the SQL, and so does how many `*values` there are: each
shape is kept by itself, so there should be few. A question looks at nothing besides: neither at the time, nor at the
reader's language, nor at what can be set. PostgreSQL plans it once, too (`common.prepared`).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from inspect import Parameter, signature
from typing import Any, Generic, NamedTuple, ParamSpec, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable, get_related_populators

from common import prepared

_P = ParamSpec("_P")
_Row = TypeVar("_Row")
_M = TypeVar("_M", bound=Model)

MOST_SHAPES = 64
FARTHEST = 2**63 - 1
# They stand for the values while the SQL is composed, two for each: nothing that a desk keeps is equal to one of them.
_MARKS: dict[type, Callable[[int], Any]] = {
    int: lambda place: 2_147_483_647 - place,
    str: lambda place: f"\x00{place}\x00",
    datetime: lambda place: datetime(9999, 1, 1, tzinfo=UTC) + timedelta(days=place),
}


class _Sql(NamedTuple):
    """`places`: which of the parameters is which of the values; on PostgreSQL there are no others."""

    text: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, int], ...]

    def fetch(self, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        given = list(self.params)
        for place, value in self.places:
            given[place] = prepared.as_value(_as_param(values[value]))
        with prepared.cursor() as cursor:
            cursor.execute(self.text, given)
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found


class Statement(Generic[_P]):
    """The same for SQL that is no queryset's: `compose` returns it with its parameters."""

    def __init__(self, compose: Callable[_P, tuple[str, Sequence[Any]]]) -> None:
        self.compose = compose
        self._kept: Callable[..., _Sql] = lru_cache(maxsize=MOST_SHAPES)(self._put)

    def fetch(self, *values: _P.args, **shape: _P.kwargs) -> list[tuple[Any, ...]]:
        """The rows as the database gives them, read now."""
        return self._kept(len(values), **shape).fetch(values)

    def _put(self, many: int, **shape: Any) -> _Sql:
        first, second = _marks_of(self.compose, many)
        return _placed(self.compose(*first, **shape), self.compose(*second, **shape), first, second)


class _Form(NamedTuple):
    """How rows are made: records where there are `names` of columns, else plain tuples."""

    sql: _Sql
    compiler: Any
    converters: dict[int, Any]
    names: frozenset[str]
    columns: slice
    populators: list[Any]
    annotations: list[tuple[str, int]]


class Question(Generic[_P, _Row]):
    """The rows of a queryset: records, with those that `select_related` joins, or plain values of `values_list`."""

    def __init__(self, ask: Callable[_P, "QuerySet[Any, _Row]"]) -> None:
        self.ask = ask
        self._kept: Callable[..., _Form] = lru_cache(maxsize=MOST_SHAPES)(self._put)

    def rows(self, *values: _P.args, **shape: _P.kwargs) -> list[_Row]:
        """Read now."""
        form = self._kept(len(values), **shape)
        found: Iterable[Sequence[Any]] = form.sql.fetch(values)
        if form.converters:
            found = form.compiler.apply_converters(found, form.converters)
        return [_record(row, form) for row in found] if form.names else list(map(tuple, found))  # type: ignore[arg-type] # rows of whatever the question is about

    def row(self, *values: _P.args, **shape: _P.kwargs) -> _Row | None:
        """The first of them; None where there is none."""
        return next(iter(self.rows(*values, **shape)), None)

    def _put(self, many: int, **shape: Any) -> _Form:
        first, second = _marks_of(self.ask, many)
        asked, again = self.ask(*first, **shape), self.ask(*second, **shape)
        compiler = _compiler(asked)
        sql = _placed(compiler.as_sql(), _compiler(again).as_sql(), first, second)
        converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])
        if not issubclass(asked._iterable_class, ModelIterable):
            return _Form(sql, compiler, converters, frozenset(), slice(0), [], [])
        own = compiler.klass_info["select_fields"]
        columns = slice(own[0], own[-1] + 1)
        names = frozenset(column[0].target.attname for column in compiler.select[columns])
        # Typed as a later Django has it.
        populators_of: Any = get_related_populators
        populators = populators_of(compiler.klass_info, compiler.select, connection.alias)
        annotations = list(compiler.annotation_col_map.items())
        return _Form(sql, compiler, converters, names, columns, populators, annotations)


def _compiler(asked: "QuerySet[Any, Any]") -> Any:
    return asked.query.get_compiler(connection.alias)


def _record(row: Sequence[Any], form: _Form) -> Any:
    made = form.compiler.query.model.from_db(connection.alias, form.names, row[form.columns])
    for populator in form.populators:
        populator.populate(row, made)
    for name, column in form.annotations:
        setattr(made, name, row[column])
    return made


def _marks_of(composed: Callable[..., Any], many: int) -> tuple[list[Any], list[Any]]:
    """Two marks for each of so many values."""
    known = [one for one in signature(composed).parameters.values() if one.kind is not Parameter.KEYWORD_ONLY]
    kinds = [one.annotation for one in known]
    if known and known[-1].kind is Parameter.VAR_POSITIONAL:
        kinds[-1:] = kinds[-1:] * (many - len(kinds) + 1)
    marks = [_MARKS[kind](place) for place, kind in enumerate(kinds * 2)]
    return marks[: len(kinds)], marks[len(kinds) :]


def _placed(
    one: tuple[str, Sequence[Any]], other: tuple[str, Sequence[Any]], first: Sequence[Any], second: Sequence[Any]
) -> _Sql:
    """Where the values stand. Composed with other marks the SQL must be the same but for these: so a value that it
    depends on otherwise is found the first time that the question is asked."""
    (text, params), (again, others) = one, other
    here, there = map(_as_param, first), map(_as_param, second)
    value_of = {pair: value for value, pair in enumerate(zip(here, there, strict=True))}
    pairs = list(zip(params, others, strict=True))
    if text != again or any(mark != its and (mark, its) not in value_of for mark, its in pairs):
        raise TypeError("The SQL of a question depends on a value that is not one of its parameters.")
    places = {place: value_of[pair] for place, pair in enumerate(pairs) if pair[0] != pair[1]}
    if connection.vendor == "postgresql":
        text, order = prepared.with_constants(text, params, places)
        params, places = [None] * len(order), {at: places[place] for at, place in enumerate(order)}
    return _Sql(text, tuple(params), tuple(places.items()))


def _as_param(value: Any) -> Any:
    """As the database takes it. A number that no column can hold is as far as one goes, where nothing is."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return min(max(value, -FARTHEST), FARTHEST) if isinstance(value, int) else value


def one_of(rows: "QuerySet[_M]") -> _M | None:
    """The row of a question that finds one at most; None where there is none.

    `first()` would put them into an order, for which Django compares each column that is read with each it orders by:
    of a row with a dozen neighbours that takes longer than all the rest.
    """
    return next(iter(rows.order_by()[:1]), None)
