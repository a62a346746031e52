"""Whose an alert about a ticket is (R31)."""

from collections.abc import Iterable, Sequence

from notifications.models import Delivery
from notifications.withholding import Owner, Owners
from people.models import User
from tickets.models import Ticket


def owners(rows: Sequence[Delivery]) -> Owners:
    numbers = {row.ticket_number for row in rows if row.ticket_number}
    found = Ticket.objects.filter(pk__in=numbers, team__isnull=False)
    teams = {pk: (team, kept) for pk, team, kept in found.values_list("pk", "team", "team__restricted")}
    return [Owner(row.pk, *teams[row.ticket_number]) for row in rows if row.ticket_number in teams]


def seen(person: User, rows: Sequence[Delivery]) -> Iterable[int]:
    found = Ticket.objects.visible_to(person).filter(pk__in={row.ticket_number for row in rows if row.ticket_number})
    numbers = set(found.values_list("pk", flat=True))
    return [row.pk for row in rows if row.ticket_number in numbers]
