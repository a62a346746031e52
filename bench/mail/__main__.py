"""`make bench-mail`: how many mails one worker takes from their raw bytes to a ticket or a message.

    SIZE=10000   how many mails (FAST=1: 300)
    PROFILE=1    print where the time goes (slower)

Prints one line of JSON per figure, and fails where a mail is lost or doubled. It makes and removes a PostgreSQL of its
own, with its durability as Debian sets it.
"""

import sys

from bench.measured import measured

if __name__ == "__main__":
    sys.exit(measured("bench.mail.measuring", size=10_000, fast=300))
