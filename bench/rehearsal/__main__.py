"""How long the rehearsal takes: so many tickets of the last thirty days, put to the policies as they are and as drawn.

`SIZE=` tickets (100,000 if not given; 2,000 with `FAST=1`), by `PROCESSES=` (as many as the machine has, if not given;
with few tickets it is one). Prints one JSON line.
"""

import json
import os
import sys
import tempfile

from common.processes import how_many


def main() -> int:
    size = int(os.environ.get("SIZE", "2000" if os.environ.get("FAST") == "1" else "100000"))
    with tempfile.TemporaryDirectory(prefix="escala-rehearsal-") as folder:
        os.environ |= {"ESCALA_VAR": folder, "DEMO": "0", "DJANGO_SETTINGS_MODULE": "config.settings"}
        os.environ["DATABASE_URL"] = ""
        from bench.rehearsal.measuring import measure  # noqa: PLC0415 - Django reads the environment at its import

        print(json.dumps(measure(size, int(os.environ.get("PROCESSES", how_many())))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
