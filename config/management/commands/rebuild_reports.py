"""`manage.py rebuild_reports`: all that reports are counted from, made anew from tickets, ledgers and escalations."""

import sys
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand

from common import clock
from common.tailing import Holder
from common.text import counted
from reports import keeping


class Command(BaseCommand):
    help = "Counts the facts of all tickets anew. The desk may run meanwhile; broken off, it goes on by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        clock.synchronise()
        self._said: list[int] = []
        tickets = keeping.rebuild(self._progress, self._waiting)
        self.stdout.write(f"Counted anew: {counted(tickets, 'ticket')}.")

    def _waiting(self, holders: Sequence[Holder]) -> None:
        """Said once of each company: whoever reads can look after a transaction that somebody has left open."""
        processes = [one.process for one in holders]
        if processes == self._said or not holders:
            return
        self._said = processes
        names = ", ".join(
            f"{one.process} ({one.name or 'without a name'}, open for {one.seconds} s)" for one in holders
        )
        self.stderr.write(f"Waiting for transactions that began before this: processes of the database {names}.")

    def _progress(self, done: int, whole: int) -> None:
        if sys.stderr.isatty():
            filled = 40 * done // max(whole, 1)
            end = "\n" if done >= whole else ""
            self.stderr.write(f"\r[{'#' * filled:<40}] {done} of {whole} tickets", ending=end)
