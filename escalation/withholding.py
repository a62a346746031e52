"""Which alerts about an escalation, and no one ticket, are about what a restricted team keeps to itself (R31)."""

from collections.abc import Sequence

from escalation.models import Escalation
from notifications.models import Delivery
from notifications.withholding import Kept


def keepers(rows: Sequence[Delivery]) -> Kept:
    alone = [row for row in rows if row.escalation_number and not row.ticket_number]
    found = Escalation.objects.filter(pk__in={row.escalation_number for row in alone}, ticket__team__restricted=True)
    teams = dict(found.values_list("pk", "ticket__team"))
    return [(row.pk, teams[row.escalation_number]) for row in alone if row.escalation_number in teams]
