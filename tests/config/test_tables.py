"""The tables of a first start, and those under the tests, are those that the models say and the migrations make."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, connections
from django.db.backends.sqlite3.base import DatabaseWrapper

from tests.config.desks import in_surroundings

ASKED = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
# What no model speaks of: the stamps' triggers, the words of the search, and Django's own list of what was migrated.
BESIDE = re.compile(r"CREATE TRIGGER|CREATE VIRTUAL TABLE|CREATE TABLE ['\"](tickets_words_|django_migrations)")
# Ours (config/management/commands/migrate.py) is quick where there are no tables yet; this is Django's own.
PLAINLY = """
import django
from django.core.management import call_command
from django.core.management.commands.migrate import Command
django.setup()
call_command(Command(), interactive=False, verbosity=0)
"""

pytestmark = pytest.mark.once


def test_the_tests_run_on_the_tables_that_the_models_say(db: None, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        found = {name: _in_any_order(sql) for name, sql in cursor.execute(ASKED) if not BESIDE.match(sql)}

    with _made_from_models(tmp_path / "models.sqlite3") as tables:
        assert found == {name: _in_any_order(sql) for name, sql in tables.items()}


@pytest.mark.skipif(os.environ.get("EVERY_TEST_TWICE") != "1", reason="`make test-twice`: it takes twenty seconds")
def test_the_tests_run_on_the_tables_that_an_upgrade_makes(db: None, tmp_path: Path) -> None:
    done = in_surroundings(tmp_path, "-c", PLAINLY, DJANGO_SETTINGS_MODULE="config.settings")
    assert done.returncode == 0, done.stderr

    with closing(sqlite3.connect(tmp_path / "escala.sqlite3")) as migrated, connection.cursor() as cursor:
        assert dict(cursor.execute(ASKED)) == dict(migrated.execute(ASKED))


@contextmanager
def _made_from_models(path: Path) -> Iterator[dict[str, str]]:
    """The SQL of everything that stands in a new database once each model has its table."""
    made = DatabaseWrapper({**connection.settings_dict, "NAME": path}, alias="models")
    connections["models"] = made
    try:
        with made.schema_editor() as editor:
            for model in apps.get_models():
                editor.create_model(model)
        with made.cursor() as cursor:
            yield dict(cursor.execute(ASKED))
    finally:
        made.close()
        del connections["models"]


def _in_any_order(sql: str) -> list[str]:
    """What is said of a table; a column that was added later stands at its end. The order of an index is its own."""
    return sorted(part.strip(" )") for part in sql.split(",")) if sql.startswith("CREATE TABLE") else [sql]
