"""Many rows in one statement, where thousands are written at once.

`bulk_create` prepares each value of each row by itself, and that is most of what such a row costs. Here PostgreSQL is
given what the rows have in common once, and the rest as one JSON document, which C writes and C reads: a fifth of the
time. SQLite is given `bulk_create`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model
from django.db.models.base import ModelState
from django.utils.duration import duration_iso_string

from common import prepared

# Of a table mostly a few: which columns differ among the rows of an act.
MOST_STATEMENTS = 1024
M = TypeVar("M", bound=Model)
_Row = Mapping[str, Any]
# By kind, in the order in which the first of each came.
_Waiting = dict[tuple[type[Model], bool], list[Model]]
_waiting: ContextVar[_Waiting | None] = ContextVar("rows that wait for others of their kind", default=None)


@contextmanager
def gathered() -> Iterator[None]:
    """What is handed to `put` in here is written at the end, each kind in one statement; inside of another, at its end.

    A row may name one of a kind that came before it, though that has no key yet. After an error nothing is written:
    the transaction is the caller's.
    """
    if _waiting.get() is not None:
        yield
        return
    waiting: _Waiting = {}
    token = _waiting.set(waiting)
    try:
        yield
        with _ahead():
            _write(waiting)
    finally:
        _waiting.reset(token)


def put(made: Sequence[Model], *, unless_there: bool = False) -> None:
    """Write these, now or with others of their kind (`gathered`): nobody may ask for them before the end of that.

    `unless_there` as for `insert`; then they are not told their keys.
    """
    waiting = _waiting.get()
    if waiting is None:
        _write({(type(made[0]), unless_there): [*made]} if made else {})
        return
    for one in made:
        waiting.setdefault((type(one), unless_there), []).append(one)


@contextmanager
def _ahead() -> Iterator[None]:
    """PostgreSQL is sent statement after statement, and asked for its answers when they are wanted."""
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def _write(waiting: _Waiting) -> None:
    asked: list[tuple[Sequence[Model], Any]] = []
    for (model, unless_there), made in waiting.items():
        if not _name_neighbours(made):
            _hear(asked)
            _name_neighbours(made)
        if connection.vendor != "postgresql":
            model._default_manager.bulk_create(made, ignore_conflicts=unless_there)
        elif unless_there:
            _insert(model, [vars(one) for one in made], "ON CONFLICT DO NOTHING")
        else:
            asked.append((made, _ask_for_keys(made)))
    _hear(asked)


def _hear(asked: list[tuple[Sequence[Model], Any]]) -> None:
    for made, cursor in asked:
        _tell_keys(made, cursor)
    asked.clear()


def _name_neighbours(made: Sequence[Model]) -> bool:
    """By the keys that they have been given since; False where one has none yet.

    Not through the attribute, which would forget the neighbour.
    """
    all_known = True
    for one in made:
        values = one.__dict__
        for name, neighbour in one._state.fields_cache.items():
            if isinstance(neighbour, Model) and values.get(f"{name}_id", neighbour) is None:
                values[f"{name}_id"] = neighbour.pk
                all_known = all_known and neighbour.pk is not None
    return all_known


def like(pattern: M, **other: Any) -> M:
    """A new object with the values of `pattern` but for these; a related object is given whole, by its own name.

    Its constructor would ask every field anew, and take twenty times as long.
    """
    made = object.__new__(type(pattern))
    state = ModelState()
    state.fields_cache = dict(pattern._state.fields_cache)
    made.__dict__.update(pattern.__dict__, _state=state)
    for name, value in other.items():
        if isinstance(value, Model):
            state.fields_cache[name] = value
            made.__dict__[f"{name}_id"] = value.pk
        else:
            made.__dict__[name] = value
    return made


def insert(model: type[Model], rows: Sequence[_Row], *, unless_there: bool = False) -> None:
    """Rows by the names of their attributes (`ticket_id`), each naming the same; the rest has its field's default.

    With `unless_there` a row that a constraint forbids is left out. Values are what the fields keep, not checked here.
    """
    if not rows:
        return
    if connection.vendor == "postgresql":
        _insert(model, rows, "ON CONFLICT DO NOTHING" if unless_there else "")
    else:
        made = [model(**row) for row in rows]
        model._default_manager.bulk_create(made, ignore_conflicts=unless_there)


def insert_all(made: Sequence[M]) -> Sequence[M]:
    """The same with objects, which know their keys afterwards; what waits and is named by one of them goes first."""
    if not made:
        return made
    waiting, model = _waiting.get(), type(made[0])
    if waiting and not _name_neighbours(made):
        _write(waiting)
        waiting.clear()
        _name_neighbours(made)
    if connection.vendor != "postgresql":
        return model._default_manager.bulk_create(made)
    _tell_keys(made, _ask_for_keys(made))
    return made


def _ask_for_keys(made: Sequence[Model]) -> Any:
    model = type(made[0])
    return _insert(model, [vars(one) for one in made], f"RETURNING {_quoted(_key(model))}")


def _tell_keys(made: Sequence[Model], cursor: Any) -> None:
    key = _key(type(made[0])).attname
    for one, (given,) in zip(made, cursor.fetchall(), strict=True):
        setattr(one, key, given)
        one._state.adding = False
        one._state.db = connection.alias


def change(model: type[Model], rows: Sequence[_Row]) -> None:
    """Rows that are there, each naming its key and the same columns, get other values."""
    if not rows:
        return
    key = _key(model)
    names = [name for name in rows[0] if name != key.attname]
    if connection.vendor != "postgresql":
        model._default_manager.bulk_update([model(**row) for row in rows], names)
        return
    fields = [field for field in model._meta.concrete_fields if field.attname in names]
    columns = [(field, [row[field.attname] for row in rows]) for field in (key, *fields)]
    table = connection.ops.quote_name(model._meta.db_table)
    others = ", ".join(f"{_quoted(field)} = new.{_quoted(field)}" for field in fields)
    new = f"json_to_recordset(%s::json) AS new({', '.join(f'{_quoted(field)} {_type(field)}' for field, _ in columns)})"
    where = f"{table}.{_quoted(key)} = new.{_quoted(key)}"
    with connection.cursor() as cursor:
        statement = f"UPDATE {table} SET {others} FROM {new} WHERE {where}"  # noqa: S608 - the model's own names
        cursor.execute(statement, [_document(columns, len(rows))])


def _insert(model: type[Model], rows: Sequence[_Row], end: str) -> Any:
    """The cursor: what is returned comes in the order of the rows."""
    alike: list[tuple[Field[Any, Any], Any]] = []
    unlike: list[tuple[Field[Any, Any], list[Any]]] = []
    for field in _fields(model, rows):
        values = [row[field.attname] for row in rows] if field.attname in rows[0] else [field.get_default()]
        if values.count(values[0]) == len(values):
            alike.append((field, values[0]))
        else:
            unlike.append((field, values))
    names = [tuple(field.attname for field, _value in fields) for fields in (alike, unlike)]
    database = connections[DEFAULT_DB_ALIAS]
    given = [_as_given(field.get_db_prep_save(value, database)) for field, value in alike]
    cursor = prepared.cursor()
    cursor.execute(f"{_statement(model, *names)} {end}", [*given, _document(unlike, len(rows))])
    return cursor


def _as_given(value: Any) -> Any:
    """Each is told its type by the statement: a number is a text until then, and NULL or not, the statement is one."""
    return str(value) if type(value) is int else value


def _fields(model: type[Model], rows: Sequence[_Row]) -> list["Field[Any, Any]"]:
    """All columns but a key that the database gives. TypeError where rows name other things than fields."""
    key, first = _key(model), rows[0]
    fields = [field for field in model._meta.concrete_fields if field is not key or field.is_relation]
    names = {field.attname for field in fields}
    is_object = "_state" in first
    if not is_object and (first.keys() - names or any(row.keys() != first.keys() for row in rows)):
        raise TypeError(f"Each row names the same columns of {model.__name__}: {sorted(first)}.")
    return fields


@lru_cache(maxsize=MOST_STATEMENTS)
def _statement(model: type[Model], alike: tuple[str, ...], unlike: tuple[str, ...]) -> str:
    """For columns of which all rows have the same value, and for others."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    names = [_quoted(fields[name]) for name in (*alike, *unlike)]
    types = [_type(fields[name]) for name in (*alike, *unlike)]
    values = [f"%s::{kind}" for kind in types[: len(alike)]] + [f"new.{name}" for name in names[len(alike) :]]
    columns = [f"{name} {kind}" for name, kind in zip(names, types, strict=True)][len(alike) :]
    table = connection.ops.quote_name(model._meta.db_table)
    # At least one column: of a document without any there would be no row.
    source = f"json_to_recordset(%s::json) AS new({', '.join(columns) or 'nothing integer'})"
    return f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {source}"  # noqa: S608 - the model's own names


def _document(unlike: Sequence[tuple["Field[Any, Any]", list[Any]]], count: int) -> str:
    names = [field.column for field, _values in unlike]
    rows = zip(*(values for _field, values in unlike), strict=True) if unlike else [()] * count
    return json.dumps([dict(zip(names, row, strict=True)) for row in rows], default=_plain)


@lru_cache(maxsize=1024)
def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    return str(value)


def _type(field: "Field[Any, Any]") -> str:
    """Without a length: what is too long for its column is refused by it, where a type with one would cut it off."""
    return str(field.db_type(connection)).partition("(")[0]


def _key(model: type[Model]) -> "Field[Any, Any]":
    key = model._meta.pk
    if key is None:
        raise TypeError(f"{model.__name__} has no rows.")
    return key


def _quoted(field: "Field[Any, Any]") -> str:
    return connection.ops.quote_name(str(field.column))
