"""What an install keeps so that a first start need not go through the migrations."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from config.launcher import made_tables
from config.launcher.made_tables import copy_made_tables, keep_tables, made_file

pytestmark = pytest.mark.once


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(made_tables, "FOLDER", tmp_path / "kept")
    return tmp_path / "kept"


@pytest.fixture
def databases(template: Path, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[ConnectionHandler]:
    """One with tables and nothing in it, one without tables; neither is the one under test."""
    files = {"default": template / "escala.sqlite3", "new": tmp_path / "new.sqlite3"}
    made = {name: {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file)} for name, file in files.items()}
    handler = ConnectionHandler(made)
    with django_db_blocker.unblock():
        yield handler
        handler.close_all()


def everything_in(database: BaseDatabaseWrapper) -> list[str]:
    with closing(sqlite3.connect(database.settings_dict["NAME"])) as opened:
        return list(opened.iterdump())


def test_a_first_start_finds_the_tables_that_the_migrations_make(kept: Path, databases: ConnectionHandler) -> None:
    keep_tables(databases["default"])

    assert copy_made_tables(databases["new"])

    assert everything_in(databases["new"]) == everything_in(databases["default"])
    assert [file.name for file in kept.iterdir()] == [made_file().name]


def test_the_tables_of_other_migrations_are_not_taken(
    kept: Path, databases: ConnectionHandler, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_tables(databases["default"])
    monkeypatch.setattr(made_tables, "_fingerprint", lambda: "of another version")

    assert not copy_made_tables(databases["new"])
    assert everything_in(databases["new"]) == ["BEGIN TRANSACTION;", "COMMIT;"]

    keep_tables(databases["default"])
    assert [file.name for file in kept.iterdir()] == ["tables-of another version.sqlite3"]
