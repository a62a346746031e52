"""`manage.py rebuild_reports`: all that reports are counted from, made anew from tickets, ledgers and escalations."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from common import clock
from reports import keeping


class Command(BaseCommand):
    help = "Counts the facts of all tickets anew. The desk may run meanwhile; broken off, it goes on by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        clock.synchronise()
        tickets = keeping.rebuild(self._progress)
        self.stdout.write(f"Counted anew: {tickets} tickets.")

    def _progress(self, done: int, whole: int) -> None:
        if sys.stderr.isatty():
            filled = 40 * done // max(whole, 1)
            end = "\n" if done >= whole else ""
            self.stderr.write(f"\r[{'#' * filled:<40}] {done} of {whole} tickets", ending=end)
