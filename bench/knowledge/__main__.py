"""`make bench-knowledge`: how long very many articles take to be listed, searched and suggested.

    SIZE=5000        how many, of 300 words each (FAST=1: 500); half of them are for customers
    DATABASE=sqlite  instead of a PostgreSQL of its own

Prints one line of JSON per figure: the whole page as a customer or an agent sees it, through every middleware and with
the template drawn, in the median of the rounds, what of it was this process's own work (with SQLite all of it), and
what the database took. Fails where one takes longer than the search for tickets may, in all or in the database, or asks
more often than among fifty.
"""

import os
import sys

from bench.own_database import own_database
from bench.workspace.asking import say

IS_FAST = os.environ.get("FAST", "") not in {"", "0"}
SIZE = int(os.environ.get("SIZE", "500" if IS_FAST else "5000"))
# Of the search for tickets, in milliseconds: docs/performance.md.
MOST, MOST_IN_DATABASE = 150.0, 50.0


def main() -> int:
    with own_database() as url:
        from bench.knowledge.measuring import figures  # noqa: PLC0415 - Django reads the environment at its import

        found = []
        for figure in figures(SIZE):
            found.append(figure)
            say(database="postgresql" if url else "sqlite", **figure)
    return int(any(figure["ms"] > MOST or figure["in_database_ms"] > MOST_IN_DATABASE for figure in found))


if __name__ == "__main__":
    sys.exit(main())
