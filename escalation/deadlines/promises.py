"""What an escalation owes to those who wait for word of it: the first hour and the next update (R35, R36).

Each is a clock of its own for each audience. An update answers what its audience waits for, late or not; how many
were kept is read from the clocks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from escalation.enums import INFORMED, OPEN_STATES, Audience, DeadlineKind
from escalation.models import Cadence, Deadline, Escalation
from escalation.querysets import EscalationQuerySet
from tickets import promises as replies

FIRST_HOUR = timedelta(hours=1)
# Down to this severity an update without a promise is refused, where the cadence says how often one is owed.
MAJOR_SEVERITY = 2


@dataclass(frozen=True, slots=True)
class Counted:
    """Promised updates: kept in time, broken, and still to come."""

    kept: int
    broken: int
    running: int


DEFAULTS = {1: 60, 2: 120}


def install_cadences() -> None:
    """How often an update of a major matter is owed on a desk that has said nothing else."""
    if not Cadence.objects.exists():
        Cadence.objects.bulk_create([Cadence(severity=level, minutes=every) for level, every in DEFAULTS.items()])


def cadence(severity: int) -> timedelta | None:
    found = Cadence.objects.filter(severity=severity).values_list("minutes", flat=True).first()
    return timedelta(minutes=found) if found else None


def proposed(escalation: Escalation, now: datetime) -> datetime | None:
    """By when the next update is to come if this one goes now."""
    every = cadence(escalation.severity)
    return (now + every).replace(second=0, microsecond=0) if every else None


def check(
    escalation: Escalation, audience: str, next_update_by: datetime | None, *, is_last: bool, now: datetime
) -> None:
    """Raises InvalidInput on `next_update_by` for a time that cannot be promised, or that is owed and missing."""
    replies.check(next_update_by, now)
    if next_update_by is not None and is_last:
        raise InvalidInput.of("next_update_by", _("It is the last update or promises another, not both."))
    is_owed = audience in INFORMED and escalation.severity <= MAJOR_SEVERITY and escalation.state in OPEN_STATES
    if is_owed and next_update_by is None and not is_last and cadence(escalation.severity) is not None:
        sentence = _("At severity %(severity)d each update says by when the next one comes, or that it is the last.")
        raise InvalidInput.of("next_update_by", sentence % {"severity": escalation.severity})


def first_hours(escalation: Escalation, now: datetime) -> list[dict[str, Any]]:
    """As their rows: one for each audience that must hear of it (R35)."""
    due_at = now + FIRST_HOUR
    common = {"escalation_id": escalation.number, "kind": DeadlineKind.FIRST_HOUR}
    return [{**common, "audience": audience, "due_at": due_at, "next_moment": due_at} for audience in INFORMED]


def answer(escalation: Escalation, audience: str, next_update_by: datetime | None, now: datetime) -> None:
    """This audience has just been told: its first hour and what it was promised are met, and the next is promised."""
    waited = escalation.deadlines.unanswered().filter(audience=audience)
    waited.filter(kind=DeadlineKind.FIRST_HOUR).update(met_at=now, next_moment=None)
    promise(escalation, audience, next_update_by, now)


def promise(escalation: Escalation, audience: str, next_update_by: datetime | None, now: datetime) -> None:
    """The next update is due then, and what was promised before is met. Said twice, it is promised once."""
    waited = escalation.deadlines.unanswered().filter(kind=DeadlineKind.UPDATE, audience=audience)
    is_said = next_update_by is not None and waited.filter(due_at=next_update_by).exists()
    if next_update_by is not None:
        waited = waited.exclude(due_at=next_update_by)
    waited.update(met_at=now, next_moment=None)
    if next_update_by is not None and not is_said:
        escalation.deadlines.create(
            kind=DeadlineKind.UPDATE, audience=audience, due_at=next_update_by, next_moment=next_update_by
        )
    _write_down(escalation)


def counted(deadlines: Iterable[Deadline]) -> Counted:
    """Of the clocks of one escalation, those of promised updates (R36)."""
    updates = [one for one in deadlines if one.kind == DeadlineKind.UPDATE]
    broken = sum(_is_broken(one) for one in updates)
    kept = sum(one.met_at is not None and not _is_broken(one) for one in updates)
    running = sum(one.met_at is None and one.missed_at is None and one.cancelled_at is None for one in updates)
    return Counted(kept=kept, broken=broken, running=running)


def counted_of(escalations: EscalationQuerySet) -> Counted:
    """What customers were promised of all of these: the first hour and each next update. One query."""
    kinds = (DeadlineKind.FIRST_HOUR, DeadlineKind.UPDATE)
    of_customers = Deadline.objects.filter(audience=Audience.CUSTOMERS, kind__in=kinds)
    broken = Q(missed_at__isnull=False) | Q(met_at__gt=F("due_at"))
    found = of_customers.filter(escalation__in=escalations.order_by().values("pk")).aggregate(
        kept=Count("pk", filter=Q(met_at__isnull=False) & ~broken),
        broken=Count("pk", filter=broken),
        running=Count("pk", filter=Q(met_at=None, missed_at=None, cancelled_at=None)),
    )
    return Counted(**found)


def _is_broken(deadline: Deadline) -> bool:
    # One that was met after its time, before the sweep came by, was missed all the same.
    return deadline.missed_at is not None or (deadline.met_at is not None and deadline.met_at > deadline.due_at)


def _write_down(escalation: Escalation) -> None:
    """The first that somebody still waits for stands on the escalation itself, for lists and conditions."""
    owed = escalation.deadlines.unanswered().filter(kind=DeadlineKind.UPDATE).order_by("due_at").first()
    escalation.next_update_by = owed.due_at if owed else None
    escalation.save(update_fields=["next_update_by"])


def audience_words(audience: str) -> str:
    return str(Audience(audience).label) if audience else ""
