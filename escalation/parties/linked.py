"""Which tickets hang on an escalation: linked to it or to its own, or brought along by an affected customer."""

from django.db.models import Exists, OuterRef, Q

from escalation.models import AffectedCustomer, Escalation, EscalationLink
from escalation.parties.customers import customers_of
from escalation.querysets import EscalationQuerySet
from tickets.enums import Kind
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet


def open_related(escalation: Escalation) -> TicketQuerySet:
    """Those that are open, the oldest first. A problem record outlives the escalation and is not among them."""
    own = escalation.ticket_id
    linked = Q(links_out__target=own) | Q(links_in__source=own) | Q(escalation_links__source=escalation)
    brought = Q(pk__in=customers_of(escalation).filter(ticket__isnull=False).values("ticket"))
    found = Ticket.objects.active().filter(linked | brought).exclude(pk=own).exclude(kind=Kind.PROBLEM)
    return found.filter(merged_into=None, trashed_at=None).with_people().distinct().order_by("number")


def with_whether_related(escalations: EscalationQuerySet) -> EscalationQuerySet:
    """For a list: whether each has any, in the list's own query."""
    brought = AffectedCustomer.objects.filter(escalation=OuterRef(OuterRef("pk")), ticket__isnull=False)
    named = EscalationLink.objects.filter(source=OuterRef(OuterRef("pk")), ticket__isnull=False)
    linked = Q(links_out__target=OuterRef("ticket")) | Q(links_in__source=OuterRef("ticket"))
    linked |= Q(pk__in=named.values("ticket"))
    found = Ticket.objects.active().filter(linked | Q(pk__in=brought.values("ticket")))
    found = found.exclude(pk=OuterRef("ticket")).exclude(kind=Kind.PROBLEM).filter(merged_into=None, trashed_at=None)
    return escalations.annotate(has_open_related=Exists(found))
