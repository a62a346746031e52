"""`make bench-reports`: how long each report takes on a desk with a year of very many tickets behind it.

    SIZE=1000000      tickets of the last year, ten lines of the timeline each (FAST=1: 2000)
    ROUNDS=3          how often each report is asked for
    ESCALATIONS=2000  open ones, for the live board

Facts are laid down by the database itself, as `manage.py rebuild_reports` would have left them; how quickly that counts
is measured on tickets that were opened, answered and solved by the desk's own actions. Prints one line of JSON per
figure: each report over 90 days and over a year, for a manager and for an agent who does not see every team, in the
median of three: by the clock on the wall, and how long a processor was at it; then the page of the live board, with a
hundredth of the tickets open; then the keeper.
"""

import sys

from bench.measured import measured

if __name__ == "__main__":
    sys.exit(measured("bench.reports.measuring", size=1_000_000, fast=2000))
