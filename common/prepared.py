"""PostgreSQL plans a statement once for each connection, not each time that it is asked.

What a page asks is answered from an index in next to nothing; to plan it takes several times as long, and half of that
goes by in reading the statement. A statement that is kept is therefore sent once, and after that only its values
(`DATABASES`: how often a connection must have seen it first, and how long it is kept).

Constants stay within the statement: a partial index is chosen by them, before any value is known.
"""

import re
from collections.abc import Collection, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.utils import CursorWrapper
from psycopg import sql
from psycopg.types.numeric import Int8

_PLACE = re.compile("%[%s]")


def cursor() -> CursorWrapper:
    """Where such statements are executed; whoever counts or forbids queries sees them as all others."""
    # Typed as one that has what its stubs do not know.
    database: Any = connections[DEFAULT_DB_ALIAS]
    if database.vendor != "postgresql":
        plain: CursorWrapper = database.cursor()
        return plain
    # Its module wants psycopg's backend, which is not there for SQLite.
    from django.db.backends.postgresql.base import ServerBindingCursor  # noqa: PLC0415 - as above

    database.close_if_health_check_failed()
    database.ensure_connection()
    own: Any = ServerBindingCursor
    sending: CursorWrapper = database._prepare_cursor(own(database.connection))
    return sending


def with_constants(text: str, params: Sequence[Any], values: Collection[int]) -> tuple[str, list[int]]:
    """The statement with all parameters written into it but those at the places of `values`; and their order."""
    order: list[int] = []
    places = iter(range(len(params)))

    def written(found: "re.Match[str]") -> str:
        if found[0] == "%%":
            return found[0]
        place = next(places)
        if place in values:
            order.append(place)
            return "%s"
        return sql.Literal(params[place]).as_string(connection.connection).replace("%", "%%")

    return _PLACE.sub(written, text), order


def as_value(value: Any) -> Any:
    """Numbers of one width: a statement is another one for each kind of its values."""
    return Int8(value) if type(value) is int else value
