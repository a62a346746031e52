"""`make bench-broadcast`: how long an update to very many affected customers takes to be queued, and then to be sent.

    SIZE=10000   how many customers (FAST=1: 500)

Prints one line of JSON per figure, and fails where queueing takes longer than five seconds, or where somebody is
written to twice or not at all. The sender is killed once on the way. It makes and removes a PostgreSQL of its own.
"""

import sys

from bench.measured import measured

if __name__ == "__main__":
    sys.exit(measured("bench.broadcast.measuring", size=10_000, fast=500))
