"""How long the dry run takes: so many tickets of the last thirty days, put to so many rules as they came in.

`SIZE=` tickets (100,000 if not given; 2,000 with `FAST=1`), `RULES=` (50). Prints one JSON line. SQLite.
"""

import json
import os
import sys
import tempfile


def main() -> int:
    size = int(os.environ.get("SIZE", "2000" if os.environ.get("FAST") == "1" else "100000"))
    with tempfile.TemporaryDirectory(prefix="escala-routing-") as folder:
        os.environ |= {"ESCALA_VAR": folder, "DEMO": "0", "DJANGO_SETTINGS_MODULE": "config.settings"}
        os.environ["DATABASE_URL"] = ""
        from bench.routing_dry_run.measuring import measure  # noqa: PLC0415 - Django reads the environment at its import

        print(json.dumps(measure(size, int(os.environ.get("RULES", "50")))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
