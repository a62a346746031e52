"""The tables of a first start, and those under the tests, are those that the migrations make one by one."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from tests.config.desks import in_surroundings

ASKED = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
# Ours (config/management/commands/migrate.py) is quick where there are no tables yet; this is Django's own.
PLAINLY = """
import django
from django.core.management import call_command
from django.core.management.commands.migrate import Command
django.setup()
call_command(Command(), interactive=False, verbosity=0)
"""


@pytest.mark.once
def test_the_tests_run_on_the_tables_that_an_upgrade_makes(db: None, tmp_path: Path) -> None:
    done = in_surroundings(tmp_path, "-c", PLAINLY, DJANGO_SETTINGS_MODULE="config.settings")
    assert done.returncode == 0, done.stderr

    with closing(sqlite3.connect(tmp_path / "escala.sqlite3")) as migrated, connection.cursor() as cursor:
        assert dict(cursor.execute(ASKED)) == dict(migrated.execute(ASKED))
