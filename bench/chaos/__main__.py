"""Kill the desk while promises fall due, and see whether any was lost: `make chaos` (FAST=1, SEED=…).

300 clocks fall due within a minute while worker, pool child, beat, web and watchdog are killed with -9 at
random and the broker is flushed once. Then the oracle counts. It is itself tested: with the unique constraint
taken away and a sweep that looked before it leapt, it must see the doubles.
"""

import json
import os
import random
import sys
import tempfile
from pathlib import Path


def main() -> int:
    fast = os.environ.get("FAST", "") not in {"", "0"}
    seed = int(os.environ.get("SEED", "20261118"))
    with tempfile.TemporaryDirectory(prefix="escala-chaos-") as folder:
        _surround(Path(folder))
        from bench.chaos.run import Plan, run  # noqa: PLC0415 - Django reads the environment at its import

        plan = Plan(clocks=300, window=25.0 if fast else 60.0, random=random.Random(seed))
        report = run(plan)
    print(json.dumps({"seed": seed, **report}, indent=2))
    return 0 if report["passed"] else 1


def _surround(folder: Path) -> None:
    os.environ |= {
        "ESCALA_VAR": str(folder),
        "DEMO": "0",
        "SECRET_KEY": "chaos-" * 12,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "BASE_URL": "",
        "REDIS_URL": "",
    }
    os.environ.pop("EMAIL_URL", None)


if __name__ == "__main__":
    sys.exit(main())
