"""`make bench-outbox`: how fast alerts leave the outbox, beside hosts that hang, delay, refuse and hang up.

    SIZE=10000       how many alerts for people whose mail server is well (FAST=1: 500)
    DATABASE=sqlite  instead of a PostgreSQL of its own

Prints one line of JSON per figure. Two processes send, as a worker of two hands does. Fails where a recipient whose
server is well gets nothing, or gets a mail twice, or where one that is ill keeps others waiting.
"""

import os
import sys

from bench.outbox.sink import Sink
from bench.own_database import own_database
from bench.workspace.asking import say

IS_FAST = os.environ.get("FAST", "") not in {"", "0"}
SIZE = int(os.environ.get("SIZE", "500" if IS_FAST else "10000"))


def main() -> int:
    with Sink() as sink, own_database(EMAIL_URL=sink.url, LOG_LEVEL="error") as url:
        from bench.outbox.measuring import figures  # noqa: PLC0415 - Django reads the environment at its import

        for figure in figures(SIZE, sink):
            say(database="postgresql" if url else "sqlite", **figure)
    return 0


if __name__ == "__main__":
    sys.exit(main())
