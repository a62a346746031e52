"""`make bench`: how much the engine does in a second on this machine (FAST=1 for a small one).

A folder of its own is made for SQLite; with DATABASE_URL the named database must be an empty one.
"""

import os
import sys
import tempfile
from pathlib import Path


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="escala-bench-") as folder:
        os.environ |= {"ESCALA_VAR": folder, "DEMO": "0", "DJANGO_SETTINGS_MODULE": "config.settings"}
        from bench.engine import measure  # noqa: PLC0415 - Django reads the environment at its import

        count = 300 if os.environ.get("FAST", "") not in {"", "0"} else 3000
        for name, value, unit in measure(count, Path(folder)):
            print(f"{name:<48} {value:10,.1f} {unit}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
