"""What a desk is set up with changes seldom and is asked for with every ticket: it is made once, and kept.

Each table of the set-up has a stamp, a random word that the database itself changes with every write to it, whoever
writes (`common.triggers`). What was made of some tables' rows is good as long as their stamps are the same; all stamps
together are one query. So a rule that has just been changed holds for the next ticket, in every process, and one
whose change was rolled back never did: random words do not come back.

Whoever takes part in a transaction that changes the set-up reads that transaction's own stamps, and makes anew.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import models

from common import prepared
from common.models import ConfigurationStamp

_T = TypeVar("_T")

WATCHED: set[type[models.Model]] = set()

_STAMPS = f"SELECT name, value FROM {ConfigurationStamp._meta.db_table}"  # noqa: S608 - the table's own name


class SetUp:
    """The set-up as it stands at one moment: one query, whatever is asked of it."""

    def __init__(self) -> None:
        with prepared.cursor() as cursor:
            cursor.execute(_STAMPS)
            self._stamps: dict[str, str] = dict(cursor.fetchall())

    def of(self, tables: tuple[str, ...]) -> tuple[str | None, ...]:
        return tuple(map(self._stamps.get, tables))


class Kept(Generic[_T]):
    """What `make` makes of rows of these tables, and makes anew once one of the tables has changed.

    It is handed to everybody: nobody may change it, nor hang on it what other tables say.
    """

    def __init__(self, make: Callable[[], _T], *of: type[models.Model]) -> None:
        WATCHED.update(of)
        self._make = make
        self._tables = tuple(model._meta.db_table for model in of)
        self._last: tuple[tuple[str | None, ...], _T] | None = None

    def at(self, set_up: SetUp) -> _T:
        stamps, last = set_up.of(self._tables), self._last
        if last is not None and last[0] == stamps:
            return last[1]
        # Read after the stamps: what is made may be newer than they are, which the next look notices, and never older.
        made = self._make()
        # A table without a stamp is not watched over yet: nobody would notice its change.
        self._last = None if None in stamps else (stamps, made)
        return made
