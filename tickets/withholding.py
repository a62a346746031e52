"""Which alerts are about tickets that a restricted team keeps to itself (R31)."""

from collections.abc import Sequence

from notifications.models import Delivery
from notifications.withholding import Kept
from tickets.models import Ticket


def keepers(rows: Sequence[Delivery]) -> Kept:
    numbers = {row.ticket_number for row in rows if row.ticket_number}
    teams = dict(Ticket.objects.filter(pk__in=numbers, team__restricted=True).values_list("pk", "team"))
    return [(row.pk, teams[row.ticket_number]) for row in rows if row.ticket_number in teams]
