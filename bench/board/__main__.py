"""`make bench-board`: how long the board of very many open escalations takes, and how often it asks the database.

    SIZE=2000        how many are open, a fifth at each step (FAST=1: 200); ten times as many have ended
    DATABASE=sqlite  instead of a PostgreSQL of its own

Prints one line of JSON per figure: the whole page as a manager and as an agent sees it, through every middleware and
with the template drawn, in the median of the rounds. Fails where the number of questions grows with the size.
"""

import os
import sys

from bench.own_database import own_database
from bench.workspace.asking import say

IS_FAST = os.environ.get("FAST", "") not in {"", "0"}
SIZE = int(os.environ.get("SIZE", "200" if IS_FAST else "2000"))


def main() -> int:
    with own_database() as url:
        from bench.board.measuring import figures  # noqa: PLC0415 - Django reads the environment at its import

        for figure in figures(SIZE):
            say(database="postgresql" if url else "sqlite", **figure)
    return 0


if __name__ == "__main__":
    sys.exit(main())
