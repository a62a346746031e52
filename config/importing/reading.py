"""Another program's database, opened so that it cannot be written to: SQLite or PostgreSQL."""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from config.importing.matters import SourceError

_NAME = re.compile(r"[a-z_][a-z0-9_]*", re.IGNORECASE)

Record = dict[str, Any]


class Foreign:
    """A few questions to a connection of either kind; `%s` stands for a value."""

    def __init__(self, connection: Any, mark: str) -> None:
        self._connection = connection
        self._mark = mark

    def ask(self, question: str, values: Sequence[Any] = ()) -> list[Record]:
        cursor = self._connection.execute(question.replace("%s", self._mark), tuple(values))
        return [dict(row) for row in cursor.fetchall()]

    def has(self, table: str) -> bool:
        try:
            self.ask(f"SELECT 1 FROM {name_of(table)} LIMIT 0")  # noqa: S608 - the name is checked to be one
        except (sqlite3.Error, psycopg.Error):
            return False
        return True


@contextmanager
def opened(address: str) -> Iterator[Foreign]:
    """A read-only look at `sqlite:///path`, a plain path, or `postgresql://…`. Raises SourceError."""
    try:
        if address.startswith(("postgres://", "postgresql://")):
            with psycopg.connect(address, autocommit=True, row_factory=dict_row) as connection:
                # Said here and not among the address's options, where it would push out what somebody put there.
                connection.execute("SET default_transaction_read_only = on")
                yield Foreign(connection, "%s")
        else:
            path = Path(address.removeprefix("sqlite:///")).absolute()
            with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as file:
                file.row_factory = sqlite3.Row
                yield Foreign(file, "?")
    except (sqlite3.Error, psycopg.Error) as error:
        # psycopg's message may repeat the address, which may hold a password.
        said = str(error).splitlines()[0] if isinstance(error, sqlite3.Error) else type(error).__name__
        raise SourceError(f"The database of the other desk cannot be read: {said}.") from None


def name_of(table: str) -> str:
    """The table's name, if it is a plain one."""
    if not _NAME.fullmatch(table):
        raise SourceError(f"“{table[:40]}” is no name of a table.")
    return table


def marks(values: Sequence[Any]) -> str:
    """As many places as there are values: “%s, %s”."""
    return ", ".join(["%s"] * len(values))
