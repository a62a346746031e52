"""The tables under the tests are those of a desk."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection


@pytest.mark.once
def test_the_tests_run_on_the_tables_that_an_upgrade_makes(db: None, template: Path) -> None:
    asked = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    with closing(sqlite3.connect(template / "escala.sqlite3")) as upgraded, connection.cursor() as cursor:
        assert dict(cursor.execute(asked)) == dict(upgraded.execute(asked))
