"""One sweeper: says when it is ready, waits for a word, and sweeps until a round finds nothing."""

import sys

import django

django.setup()

from django.db import connection  # noqa: E402 - models can be imported from here on

from escalation import sweep  # noqa: E402 - the same


def main() -> int:
    connection.ensure_connection()
    print("ready", flush=True)
    sys.stdin.readline()
    answered = 0
    while any((done := sweep.run()).values()):
        answered += done["breaches"]
    print(answered, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
