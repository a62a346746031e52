"""The tables of an empty SQLite desk, made when Escala is installed: a first start copies the file.

Going through the migrations takes seconds of one processor, and on an empty database it ends in the same file each
time. The file lies with the installation, not with the data; its name tells the migrations that it was made by, so
that another version's is not found and the start goes through the migrations itself.
"""

import hashlib
import os
import sqlite3
import sys
import tempfile
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

FOLDER = Path(sys.prefix) / "escala"


def made_file() -> Path:
    """Where the file lies that was made by exactly these migrations, if it was."""
    return FOLDER / f"tables-{_fingerprint()}.sqlite3"


def copy_made_tables(empty: BaseDatabaseWrapper) -> bool:
    """Fill an empty database; False when it is not SQLite's or nothing that fits was made at the install."""
    if empty.vendor != "sqlite" or not (made := made_file()).exists():
        return False
    empty.ensure_connection()
    with closing(sqlite3.connect(f"{made.as_uri()}?mode=ro", uri=True)) as source:
        source.backup(empty.connection)
    return True


def keep_tables(migrated: BaseDatabaseWrapper) -> None:
    """Keep the tables of a SQLite database that has been migrated and not used, in place of any kept before."""
    FOLDER.mkdir(exist_ok=True)
    for older in FOLDER.glob("tables-*"):
        older.unlink()
    descriptor, unfinished = tempfile.mkstemp(dir=FOLDER)
    os.close(descriptor)
    migrated.ensure_connection()
    with closing(sqlite3.connect(unfinished)) as target:
        migrated.connection.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")
    # It holds nobody's data, and whoever starts the desk need not be whoever installed it.
    Path(unfinished).chmod(0o644)
    Path(unfinished).replace(made_file())


def _fingerprint() -> str:
    """Of every migration of every app, ours and the libraries', and of the SQLite that wrote the file."""
    digest = hashlib.sha256(sqlite3.sqlite_version.encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        spec = find_spec(f"{app.name}.migrations")
        for folder in sorted(spec.submodule_search_locations or []) if spec else []:
            for file in sorted(Path(folder).glob("*.py")):
                digest.update(f"{app.label} {file.name} ".encode() + file.read_bytes())
    return digest.hexdigest()[:16]
