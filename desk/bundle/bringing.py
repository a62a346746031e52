"""A bundle of this desk, and one brought in: all of it or nothing, after a look at what would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import DomainError, InvalidInput
from desk.bundle import text
from desk.bundle.rows import By, numbered
from desk.bundle.tables import BY_NAME, TABLES
from desk.bundle.text import Row
from people.models import User


@dataclass(frozen=True, slots=True)
class Brought:
    """A row that is made, or that changes; `before` is empty for one that is made."""

    table: Any
    key: str
    before: Row
    after: Row


@dataclass(frozen=True, slots=True)
class Report:
    """`same` counts rows that are as they are told, `untouched` those of this desk that the bundle says nothing of."""

    brought: Sequence[Brought]
    errors: Sequence[str]
    same: int
    untouched: int

    @property
    def made(self) -> list[Brought]:
        return [one for one in self.brought if not one.before]

    @property
    def changed(self) -> list[Brought]:
        return [one for one in self.brought if one.before]


def bundle() -> str:
    """This desk's set-up as one text."""
    return text.written({table.name: [table.told(row) for row in table.rows()] for table in TABLES})


def look(given: str, *, by: User | None, now: datetime) -> Report:
    """What bringing it in would do. It is done and taken back, so that every rule has been asked."""
    with transaction.atomic():
        report = _bring(given, By(by, now))
        transaction.set_rollback(True)
    return report


def bring_in(given: str, *, by: User | None, now: datetime) -> Report:
    """Made and changed as the bundle says; what it does not name stays. With one error nothing is changed."""
    with transaction.atomic():
        report = _bring(given, By(by, now))
        if report.errors:
            transaction.set_rollback(True)
    return report


def _bring(given: str, by: By) -> Report:
    document = text.read(given)
    unknown = [_("This desk has no “%(name)s”.") % {"name": name[:40]} for name in document if name not in BY_NAME]
    if unknown:
        return Report([], unknown, 0, 0)
    brought, errors = [], []
    same = untouched = 0
    for table in TABLES:
        rows = document.get(table.name, [])
        one = _Table(table, rows, by)
        brought += one.brought
        errors += one.errors
        same += one.same
        untouched += one.untouched
    return Report(brought, errors, same, untouched)


class _Table:
    """One table of a bundle, brought in; each row in a savepoint of its own, so that every mistake is named at once."""

    def __init__(self, table: Any, rows: Sequence[Row], by: By) -> None:
        self.table, self.by = table, by
        self.brought: list[Brought] = []
        self.errors: list[str] = []
        self.same = 0
        there = table.rows()
        told = [table.told(row) for row in there]
        self.there = dict(
            zip(numbered([table.key_of(one) for one in told]), zip(there, told, strict=True), strict=True)
        )
        keys = numbered([table.key_of(row) for row in rows])
        self.untouched = len(self.there.keys() - set(keys))
        kept = [self._kept(key, row) for key, row in zip(keys, rows, strict=True)]
        for key, row, made in zip(keys, rows, kept, strict=True):
            if made is not None:
                self._try(key, lambda made=made, row=row: table.finish(made, row, by))

    def _kept(self, key: tuple[Any, ...], given: Row) -> Any:
        row, before = self.there.get(key, (None, {}))
        if before and {**before, **given} == before:
            self.same += 1
            return None
        kept = self._try(key, lambda: self.table.keep(row, given, self.by))
        if kept is not None:
            self.brought.append(Brought(self.table, _words(key), before, {**before, **given}))
        return kept

    def _try(self, key: tuple[Any, ...], act: Any) -> Any:
        try:
            with transaction.atomic():
                return act()
        except DomainError as error:
            self.errors += _sentences(self.table, key, error)
        return None


def _sentences(table: Any, key: tuple[Any, ...], error: DomainError) -> list[str]:
    name = f"{table.title}, {_words(key)}"
    if not isinstance(error, InvalidInput):
        return [f"{name}: {error}"]
    said: Mapping[str, Sequence[str]] = error.errors
    return [
        f"{name}, {field}: {sentence}" if field else f"{name}: {sentence}"
        for field, sentences in said.items()
        for sentence in sentences
    ]


def _words(key: tuple[Any, ...]) -> str:
    """Without the number that tells namesakes apart."""
    return ", ".join(filter(None, map(str, key[:-1]))) or "–"
