"""How well and how fast escalations are foretold, on lives with known causes (R74).

`SIZE=` tickets over half a year (200,000 if not given; 4,000 with `FAST=1`), `DATABASE=sqlite` without PostgreSQL.
Prints a JSON line for each figure.
"""

import json
import os
import sys

from bench.own_database import own_database


def main() -> int:
    size = int(os.environ.get("SIZE", "4000" if os.environ.get("FAST") == "1" else "200000"))
    with own_database():
        from bench.forecast.measuring import measure  # noqa: PLC0415 - Django reads the environment at its import

        for figure in measure(size):
            print(json.dumps(figure), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
