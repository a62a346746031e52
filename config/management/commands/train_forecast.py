"""`manage.py train_forecast`: what a night does, at once: learns from the last half year and judges what it learned."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common import clock
from common.text import counted
from reports.forecast import engine, keeping

STEPS = ("reading the past", "looking at it", "learning", "judging")


class Command(BaseCommand):
    help = "Learns the forecast from the desk's own tickets, and lets it speak if it beats the order of time left."

    def handle(self, *args: Any, **options: Any) -> None:
        clock.synchronise()
        if not engine.is_available():
            raise CommandError("The forecast takes the extra “forecast”: pip install 'escala[forecast]'.", returncode=2)
        self._progress(0)
        run = keeping.night(now=clock.now(), progress=self._progress)
        if run is None:
            raise CommandError("The desk wants no forecast: switch it on under Reports, What is coming.", returncode=2)
        keeping.look_ahead(now=clock.now())
        self.stdout.write(f"{run.get_state_display()}, from {counted(run.learned_from, 'row')} in {run.seconds:.0f} s.")

    def _progress(self, done: int) -> None:
        if sys.stderr.isatty():
            bar = "#" * (40 * done // len(STEPS))
            doing = STEPS[done] if done < len(STEPS) else "done"
            self.stderr.write(f"\r[{bar:<40}] {doing:<20}", ending="\n" if done >= len(STEPS) else "")
