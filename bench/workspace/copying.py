"""Rows by PostgreSQL's COPY: a million of them in a minute."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from psycopg import sql
from psycopg.types.json import Jsonb


def copy(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows of the named columns; every other column gets its field's default."""
    others = [field for field in model._meta.concrete_fields if field.column not in names and not _is_made(field)]
    defaults = [_plain(field, field.get_default()) for field in others]
    columns = [*names, *(field.column for field in others)]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copying:
        for row in rows:
            copying.write_row([*row, *defaults])


def follow(model: type[models.Model]) -> None:
    """Let the next key be the one after the greatest."""
    key = model._meta.pk
    assert key is not None
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence({}, {}), (SELECT max({}) FROM {}))")
            .format(model._meta.db_table, key.column, sql.Identifier(key.column), sql.Identifier(model._meta.db_table))
            .as_string(connection.connection)
        )


def _is_made(field: "models.Field[Any, Any]") -> bool:
    return isinstance(field, models.AutoField)


def _plain(field: "models.Field[Any, Any]", value: Any) -> Any:
    return Jsonb(value) if isinstance(field, models.JSONField) else value
