"""What should be there, counted without asking the engine's own books.

The oracle knows when each first reply fell due and which were answered; it never reads `Breach.answered_at`.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from bench.chaos.seeding import Expected
from common import clock
from escalation.models import Escalation
from escalation.opening import answer_breaches
from notifications.models import Alert
from people.models import Team
from sla.models import Breach

SAMPLE = 5


@dataclass(frozen=True)
class Verdict:
    expected: int
    escalations: int
    lost: list[int]
    doubled: list[int]
    unexpected: list[int]
    managers_without_alert: list[str]
    seconds: list[float]

    @property
    def is_clean(self) -> bool:
        faults = (self.lost, self.doubled, self.unexpected, self.managers_without_alert)
        return not any(faults) and self.escalations == self.expected

    def report(self) -> dict[str, Any]:
        return {
            "expected": self.expected,
            "escalations": self.escalations,
            "lost": len(self.lost),
            "doubled": len(self.doubled),
            "unexpected": len(self.unexpected),
            "managers_without_alert": self.managers_without_alert,
            "due_to_alert_seconds": {name: _at(self.seconds, share) for name, share in _SHARES.items()},
        }


_SHARES = {"p50": 0.50, "p99": 0.99, "max": 1.0}


def judge(expected: Expected) -> Verdict:
    opened = Counter(Escalation.objects.values_list("ticket", flat=True))
    return Verdict(
        expected=len(expected.breaching),
        escalations=sum(opened.values()),
        lost=[number for number in expected.breaching if not opened[number]],
        doubled=[number for number, count in opened.items() if count > 1],
        unexpected=[number for number in opened if number not in expected.breaching],
        managers_without_alert=_unalerted(),
        seconds=sorted(_seconds(expected)),
    )


def count_answered(expected: Expected) -> int:
    """How many of the expected tickets have an escalation whose alert is there."""
    alerted = Alert.objects.filter(kind="breach").values("ticket_number")
    return Escalation.objects.filter(ticket__in=alerted).values("ticket").distinct().count()


def sees_doubles(expected: Expected) -> bool:
    """The test of the test: without the constraint, a second sweep that read before the first wrote doubles some."""
    plain = models.ForeignKey(Breach, null=True, on_delete=models.PROTECT, related_name="+")
    plain.set_attributes_from_name("breach")
    with connection.schema_editor() as editor:
        editor.alter_field(Escalation, Escalation._meta.get_field("breach"), plain)
    stale = list(
        Breach.objects.select_related("ticket__requester", "ticket__organisation", "responsible_team")[:SAMPLE]
    )
    answer_breaches(stale, now=clock.now())
    return len(judge(expected).doubled) == SAMPLE


def _unalerted() -> list[str]:
    """Managers of a team that had a breach and whose alert is missing for one of its tickets."""
    missing = set()
    for team in Team.objects.prefetch_related("managers"):
        tickets = set(Escalation.objects.filter(team=team).values_list("ticket", flat=True))
        for manager in team.managers.all():
            told = set(Alert.objects.filter(recipient=manager).values_list("ticket_number", flat=True))
            if tickets - told:
                missing.add(manager.name)
    return sorted(missing)


def _seconds(expected: Expected) -> list[float]:
    first: dict[int, float] = {}
    alerts = Alert.objects.filter(kind="breach").order_by("-created_at").values_list("ticket_number", "created_at")
    for number, created_at in alerts:
        if number in expected.breaching:
            first[number] = (created_at - expected.breaching[number]).total_seconds()
    return list(first.values())


def _at(values: list[float], share: float) -> float | None:
    return round(values[min(len(values) - 1, int(len(values) * share))], 2) if values else None
