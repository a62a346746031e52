"""`manage.py rehearse POLICY`: what its draft would have made of the last days; nothing is written."""

import sys
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock
from common.processes import how_many
from common.text import counted
from sla.models import Policy
from sla.policies import terms_of
from sla.publishing import draft_of
from sla.rehearsal.comparing import Comparison, Turn
from sla.rehearsal.rehearsing import rehearse

SHOWN = 20
LONGEST_DAYS = 366


class Command(BaseCommand):
    help = "Puts the draft of a policy to the tickets of the last days, and says what would have been different."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("policy", help="the policy's name")
        parser.add_argument("--days", type=int, default=30, help="how far back; 30 if not given")

    def handle(self, *args: Any, **options: Any) -> None:
        clock.synchronise()
        now, days = clock.now(), options["days"]
        if not 0 < days <= LONGEST_DAYS:
            raise CommandError(f"--days takes 1 to {LONGEST_DAYS}.", returncode=2)
        policy = Policy.objects.filter(name=options["policy"]).first()
        if policy is None:
            raise CommandError(f"There is no policy “{options['policy']}”.", returncode=2)
        draft = draft_of(policy)
        if draft is None:
            raise CommandError(f"“{policy.name}” has no draft to rehearse.", returncode=2)
        terms, since = terms_of(draft), now - timedelta(days=days)
        self._tell(rehearse(policy, terms, since=since, until=now, processes=how_many(), progress=self._progress))

    def _progress(self, done: int, whole: int) -> None:
        if sys.stderr.isatty():
            filled = 40 * done // max(whole, 1)
            end = "\n" if done >= whole else ""
            self.stderr.write(f"\r[{'#' * filled:<40}] {done} of {whole} tickets", ending=end)

    def _tell(self, found: Comparison) -> None:
        self.stdout.write(f"{counted(found.tickets, 'ticket')} since {found.since:%Y-%m-%d %H:%M} UTC.")
        self.stdout.write(f"{'':<18}{'in force':>10}{'draft':>10}")
        for metric in found.metrics:
            was, would = (_percent(figures.kept_percent(metric)) for figures in (found.before, found.after))
            self.stdout.write(f"{metric.label + ' kept':<18}{was:>10}{would:>10}")
        self.stdout.write(f"{'Breaches':<18}{found.before.breaches:>10}{found.after.breaches:>10}")
        self.stdout.write(f"{'Alerts on the way':<18}{found.before.alerts:>10}{found.after.alerts:>10}")
        self.stdout.write(f"{'Escalated on it':<18}{found.before.escalated:>10}{found.after.escalated:>10}")
        self._list("Breaches gained", found.gained)
        self._list("Breaches lost", found.lost)
        self.stdout.write(f"Due times moved: {found.moved}.")
        self.stdout.write(f"Told otherwise on the way: {found.told_otherwise}.")

    def _list(self, title: str, turns: list[Turn]) -> None:
        self.stdout.write(f"{title}: {len(turns)}.")
        for turn in turns[:SHOWN]:
            one = turn.one
            self.stdout.write(f"  #{one.number} {one.metric} {one.breached_at or one.due_at:%Y-%m-%d %H:%M} UTC")
        if len(turns) > SHOWN:
            self.stdout.write(f"  and {len(turns) - SHOWN} more")


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} %"
