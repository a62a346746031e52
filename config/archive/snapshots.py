"""The database into one file and back, while the desk goes on working (out) or stands still (in)."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Protocol

from django.db import connection, connections

from config.archive.manifest import ArchiveError


class Snapshots(Protocol):
    """What each kind of database can do."""

    def dump(self, target: Path) -> None:
        """Write one consistent moment of the database into `target`."""

    def load(self, source: Path) -> None:
        """Replace the database by what `source` holds: wholly, or not at all."""


class SqliteSnapshots:
    def dump(self, target: Path) -> None:
        """By SQLite's backup API: other processes may write meanwhile; what they write is in, or is not."""
        connection.ensure_connection()
        with closing(sqlite3.connect(target)) as copy:
            connection.connection.backup(copy)

    def load(self, source: Path) -> None:
        with closing(sqlite3.connect(source)) as candidate:
            try:
                verdict = candidate.execute("PRAGMA quick_check").fetchone()[0]
            except sqlite3.DatabaseError as error:
                verdict = str(error)
        if verdict != "ok":
            raise ArchiveError(f"The backup's database is damaged: {verdict}.")
        connections.close_all()
        database = Path(connection.settings_dict["NAME"])
        for rest in ("-wal", "-shm"):
            database.with_name(database.name + rest).unlink(missing_ok=True)
        shutil.copyfile(source, database.with_name(database.name + ".new"))
        database.with_name(database.name + ".new").replace(database)


class PostgresqlSnapshots:
    def dump(self, target: Path) -> None:
        self._run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")

    def load(self, source: Path) -> None:
        connections.close_all()
        # In one transaction: when it fails, the desk is as it was.
        self._run(
            "pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction",
            "--exit-on-error", f"--dbname={connection.settings_dict['NAME']}", str(source),
        )  # fmt: skip

    def _run(self, program: str, *arguments: str) -> None:
        if shutil.which(program) is None:
            raise ArchiveError(f"{program} is needed on PATH (Debian: apt install postgresql-client).")
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs, with our own arguments
            [program, *arguments],
            env={**os.environ, **_libpq(connection.settings_dict)},
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            reason = next((line for line in done.stderr.splitlines() if line.strip()), "no reason given")
            raise ArchiveError(f"{program} failed: {reason}")


SNAPSHOTS: Mapping[str, type[Snapshots]] = {"sqlite": SqliteSnapshots, "postgresql": PostgresqlSnapshots}


def _libpq(settings: Mapping[str, object]) -> dict[str, str]:
    """The connection as libpq's environment, so that no password stands in a list of processes."""
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
    found = {variable: str(settings[key]) for key, variable in names.items() if settings.get(key)}
    options = settings.get("OPTIONS")
    if isinstance(options, dict) and "sslmode" in options:
        found["PGSSLMODE"] = str(options["sslmode"])
    return found
