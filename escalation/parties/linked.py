"""Which tickets hang on an escalation: linked to it or to its own, or brought along by an affected customer."""

from django.db.models import Exists, OuterRef, Q

from escalation.models import AffectedCustomer, Escalation, EscalationLink
from escalation.parties.customers import customers_of
from escalation.querysets import EscalationQuerySet
from tickets.enums import Kind
from tickets.models import Link, Ticket
from tickets.querysets import TicketQuerySet


def open_related(escalation: Escalation) -> TicketQuerySet:
    """Those that are open, the oldest first. A problem record outlives the escalation and is not among them.

    What hangs on it is gathered first, each by its index: joined under an OR, every open ticket would be looked at.
    """
    own = escalation.ticket_id
    hanging = Link.objects.filter(source=own).values("target")
    hanging = hanging.union(
        Link.objects.filter(target=own).values("source"),
        EscalationLink.objects.filter(source=escalation, ticket__isnull=False).values("ticket"),
        customers_of(escalation).filter(ticket__isnull=False).order_by().values("ticket"),
    )
    found = Ticket.objects.active().filter(pk__in=hanging).exclude(pk=own).exclude(kind=Kind.PROBLEM)
    return found.filter(merged_into=None, trashed_at=None).with_people().order_by("number")


def with_whether_related(escalations: EscalationQuerySet) -> EscalationQuerySet:
    """For a list: whether each has any, in the list's own query."""
    brought = AffectedCustomer.objects.filter(escalation=OuterRef(OuterRef("pk")), ticket__isnull=False)
    named = EscalationLink.objects.filter(source=OuterRef(OuterRef("pk")), ticket__isnull=False)
    linked = Q(links_out__target=OuterRef("ticket")) | Q(links_in__source=OuterRef("ticket"))
    linked |= Q(pk__in=named.values("ticket"))
    found = Ticket.objects.active().filter(linked | Q(pk__in=brought.values("ticket")))
    found = found.exclude(pk=OuterRef("ticket")).exclude(kind=Kind.PROBLEM).filter(merged_into=None, trashed_at=None)
    return escalations.annotate(has_open_related=Exists(found))
