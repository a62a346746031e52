"""A database for one bench: a PostgreSQL that is made and removed, and a desk's settings that name it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from tools.postgres import find_binaries, throwaway_cluster


@contextmanager
def own_database(**settings: str) -> Iterator[str]:
    """Its address, which is empty with DATABASE=sqlite. `settings` are further ones of the desk.

    Django reads the environment at its import: import what needs it within.
    """
    with _server() as url, tempfile.TemporaryDirectory(prefix="escala-bench-") as folder:
        os.environ |= {"ESCALA_VAR": folder, "DEMO": "0", "DJANGO_SETTINGS_MODULE": "config.settings"}
        os.environ |= {"DATABASE_URL": url, **settings}
        yield url


def _server() -> AbstractContextManager[str]:
    if os.environ.get("DATABASE") == "sqlite":
        return nullcontext("")
    binaries = find_binaries()
    if binaries is None:
        raise SystemExit("bench: PostgreSQL is not installed: apt install postgresql")
    return throwaway_cluster(binaries)
