"""Whose an alert is that is about an escalation, and no one ticket (R31)."""

from collections.abc import Iterable, Sequence

from escalation.models import Escalation
from notifications.models import Delivery
from notifications.withholding import Owner, Owners
from people.models import User


def owners(rows: Sequence[Delivery]) -> Owners:
    alone = [row for row in rows if row.escalation_number and not row.ticket_number]
    found = Escalation.objects.filter(pk__in={row.escalation_number for row in alone}, ticket__team__isnull=False)
    teams = {pk: (team, kept) for pk, team, kept in found.values_list("pk", "ticket__team", "ticket__team__restricted")}
    return [Owner(row.pk, *teams[row.escalation_number]) for row in alone if row.escalation_number in teams]


def seen(person: User, rows: Sequence[Delivery]) -> Iterable[int]:
    found = Escalation.objects.visible_to(person).filter(
        pk__in={row.escalation_number for row in rows if row.escalation_number}
    )
    numbers = set(found.values_list("pk", flat=True))
    return [row.pk for row in rows if row.escalation_number in numbers]
