"""`make bench-routing`: how long it takes to send one ticket through very many rules.

    RULES=500        how many (FAST=1: 100), a quarter of them on words in the text; the last one takes the ticket
    DATABASE=sqlite  instead of a PostgreSQL of its own

Prints one line of JSON per figure, in milliseconds, the median of the rounds: to ask the rules alone; with the set-up,
whose turn it is and what is kept of it; to make the rules ready, once after each change of one; to put it into words.
Fails where the rules alone take more than 10 ms.
"""

import os
import sys

from bench.own_database import own_database
from bench.workspace.asking import say

IS_FAST = os.environ.get("FAST", "") not in {"", "0"}
RULES = int(os.environ.get("RULES", "100" if IS_FAST else "500"))
MOST = 10.0


def main() -> int:
    with own_database() as url:
        from bench.routing.measuring import figures  # noqa: PLC0415 - Django reads the environment at its import

        found = figures(RULES)
        for figure in found:
            say(database="postgresql" if url else "sqlite", **figure)
    return int(any(figure["ms"] > MOST for figure in found if figure["is_limited"]))


if __name__ == "__main__":
    sys.exit(main())
