"""Which services tickets are about (R18): what an escalation names, its linked tickets have too."""

from collections.abc import Collection, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.rows import insert
from tickets.models import Service, Ticket, TicketService


def find_services(slugs: Collection[str], *, keep: Collection[int] = ()) -> list[Service]:
    """Those of these short names; retired ones only where they are kept. InvalidInput for one that is not there."""
    wanted = list(dict.fromkeys(slugs))
    found = {service.slug: service for service in Service.objects.filter(slug__in=wanted)}
    for slug in wanted:
        service = found.get(slug)
        if service is None or not (service.is_active or service.pk in keep):
            raise InvalidInput.of("services", _("There is no service “%(name)s”.") % {"name": slug[:80]})
    return [found[slug] for slug in wanted]


def services_of(ticket: Ticket) -> "QuerySet[Service]":
    """Each once, whatever gave it."""
    return Service.objects.filter(pk__in=TicketService.objects.filter(ticket=ticket).values("service"))


def inherit(*, reference: str, tickets: Collection[int], services: Sequence[int]) -> None:
    """These tickets have exactly these services from this reference, and keep what they have from elsewhere.

    Announced by whoever calls: it is one change of one escalation, however many tickets follow it.
    """
    theirs = TicketService.objects.filter(reference=reference)
    theirs.exclude(service__in=services).delete()
    # Compared here: there may be more tickets than a statement takes values.
    gone = set(theirs.values_list("ticket_id", flat=True)) - set(tickets)
    theirs.filter(ticket__in=sorted(gone)).delete()
    rows = [
        {"ticket_id": ticket, "service_id": service, "reference": reference}
        for ticket in tickets
        for service in services
    ]
    insert(TicketService, rows, unless_there=True)
