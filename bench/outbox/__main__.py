"""`make bench-outbox`: how fast alerts leave the outbox, beside hosts that hang, delay, refuse and hang up.

    SIZE=10000       how many alerts for people whose mail server is well (FAST=1: 500)
    DATABASE=sqlite  instead of a PostgreSQL of its own

Prints one line of JSON per figure. Two processes send, as a worker of two hands does. Fails where a recipient whose
server is well gets nothing, or gets a mail twice, or where one that is ill keeps others waiting.
"""

import os
import sys
import tempfile
from contextlib import AbstractContextManager, nullcontext

from bench.outbox.sink import Sink
from bench.workspace.asking import say
from tools.postgres import find_binaries, throwaway_cluster

IS_FAST = os.environ.get("FAST", "") not in {"", "0"}
SIZE = int(os.environ.get("SIZE", "500" if IS_FAST else "10000"))


def main() -> int:
    with _database() as url, tempfile.TemporaryDirectory(prefix="escala-bench-") as folder, Sink() as sink:
        os.environ |= {"ESCALA_VAR": folder, "DEMO": "0", "DJANGO_SETTINGS_MODULE": "config.settings"}
        os.environ |= {"DATABASE_URL": url, "EMAIL_URL": sink.url, "LOG_LEVEL": "error"}
        from bench.outbox.measuring import figures  # noqa: PLC0415 - Django reads the environment at its import

        for figure in figures(SIZE, sink):
            say(database="postgresql" if url else "sqlite", **figure)
    return 0


def _database() -> AbstractContextManager[str]:
    if os.environ.get("DATABASE") == "sqlite":
        return nullcontext("")
    binaries = find_binaries()
    if binaries is None:
        raise SystemExit("bench: PostgreSQL is not installed: apt install postgresql")
    return throwaway_cluster(binaries)


if __name__ == "__main__":
    sys.exit(main())
