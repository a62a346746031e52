"""`make bench-mail`: how many mails one worker takes from their raw bytes to a ticket or a message.

    SIZE=10000   how many mails (FAST=1: 300)
    PROFILE=1    print where the time goes (slower)

Prints one line of JSON per figure, and fails where a mail is lost or doubled. It makes and removes a PostgreSQL of its
own, with its durability as Debian sets it.
"""

import os
import sys

from bench.own_database import own_database
from bench.workspace.asking import say

IS_FAST = os.environ.get("FAST", "") not in {"", "0"}
SIZE = int(os.environ.get("SIZE", "300" if IS_FAST else "10000"))


def main() -> int:
    with own_database():
        from bench.mail.measuring import figures  # noqa: PLC0415 - Django reads the environment at its import

        for figure in figures(SIZE):
            say(**figure)
    return 0


if __name__ == "__main__":
    sys.exit(main())
