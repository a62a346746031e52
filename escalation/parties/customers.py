"""The customers of an escalation as rows: where they begin, and the one place that says who they are (R17)."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from common.rows import insert
from escalation.models import AffectedCustomer, Escalation, EscalationLink
from escalation.querysets import AffectedQuerySet
from tickets.models import Link


def customers_of(escalation: Escalation) -> AffectedQuerySet:
    """Whom it harms, in the order in which they were added: the requester of the ticket is always the first."""
    return AffectedCustomer.objects.filter(escalation=escalation)


def begin_with_requesters(escalations: Sequence[Escalation], now: datetime) -> None:
    """Of escalations just stored: whoever wrote the ticket is harmed. One statement for all."""
    rows = [
        {
            "escalation_id": escalation.number,
            "person_id": escalation.ticket.requester_id,
            "ticket_id": escalation.ticket_id,
            "added_at": now,
        }
        for escalation in escalations
    ]
    insert(AffectedCustomer, rows)


def open_access_again(escalation: Escalation) -> int:
    """Whoever could work again may not any more: it is asked anew of each. How many they are."""
    return customers_of(escalation).update(access_at=None, access_by=None, access_waived="")


def linked_tickets(escalation: Escalation) -> set[int]:
    """The numbers of its own ticket, of what its customers wrote about it, and of what is linked to either of them."""
    theirs = customers_of(escalation).filter(ticket__isnull=False).values_list("ticket_id", flat=True)
    links = Link.objects.filter(Q(source=escalation.ticket_id) | Q(target=escalation.ticket_id))
    ends = {number for pair in links.values_list("source_id", "target_id") for number in pair}
    named = EscalationLink.objects.filter(source=escalation, ticket__isnull=False).values_list("ticket_id", flat=True)
    return {escalation.ticket_id, *theirs, *ends, *named}
