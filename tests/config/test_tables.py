"""The tables of a first start, and those under the tests, are those that the migrations make one by one."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from tests.config.desks import manage

ASKED = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"


@pytest.mark.once
def test_the_tests_run_on_the_tables_that_an_upgrade_makes(db: None, tmp_path: Path) -> None:
    done = manage(tmp_path, "migrate", "--verbosity=0")
    assert done.returncode == 0, done.stderr

    with closing(sqlite3.connect(tmp_path / "escala.sqlite3")) as migrated, connection.cursor() as cursor:
        assert dict(cursor.execute(ASKED)) == dict(migrated.execute(ASKED))
