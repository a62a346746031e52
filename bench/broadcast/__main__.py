"""`make bench-broadcast`: how long an update to very many affected customers takes to be queued, and then to be sent.

    SIZE=10000   how many customers (FAST=1: 500)

Prints one line of JSON per figure, and fails where queueing takes longer than five seconds, or where somebody is
written to twice or not at all. The sender is killed once on the way. It makes and removes a PostgreSQL of its own.
"""

import os
import sys

from bench.own_database import own_database
from bench.workspace.asking import say

IS_FAST = os.environ.get("FAST", "") not in {"", "0"}
SIZE = int(os.environ.get("SIZE", "500" if IS_FAST else "10000"))


def main() -> int:
    with own_database():
        from bench.broadcast.measuring import figures  # noqa: PLC0415 - Django reads the environment at its import

        for figure in figures(SIZE):
            say(**figure)
    return 0


if __name__ == "__main__":
    sys.exit(main())
