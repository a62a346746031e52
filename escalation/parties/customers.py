"""The customers of an escalation as rows: where they begin, and the one place that says who they are (R17)."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from common.rows import insert
from escalation.enums import Audience, NoticeState, State
from escalation.models import AffectedCustomer, Escalation, EscalationLink, Notice
from escalation.querysets import AffectedQuerySet, EscalationQuerySet
from tickets.models import Link


def customers_of(escalation: Escalation) -> AffectedQuerySet:
    """Whom it harms, in the order in which they were added: the requester of the ticket is always the first."""
    return AffectedCustomer.objects.filter(escalation=escalation)


def not_told(customers: AffectedQuerySet) -> AffectedQuerySet:
    """Those of them to whom no update has gone out, unless somebody has said why he need not be told (R17, R35)."""
    told = Notice.objects.filter(
        person=OuterRef("person"),
        communication__escalation=OuterRef("escalation"),
        communication__audience=Audience.CUSTOMERS,
        state=NoticeState.SENT,
    )
    return customers.filter(~Exists(told), left_out="")


def with_how_many_not_told(escalations: EscalationQuerySet) -> EscalationQuerySet:
    """For a list: of each that is asked for it, in the list's own query."""
    rows = not_told(AffectedCustomer.objects.filter(escalation=OuterRef("pk"))).order_by()
    count = rows.values("escalation").annotate(n=Count("pk")).values("n")
    asked = When(state=State.COMMUNICATING, then=Coalesce(Subquery(count), Value(0)))
    return escalations.annotate(not_told_count=Case(asked, default=Value(0), output_field=IntegerField()))


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
