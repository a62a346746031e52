"""Which services an escalation is about (R18): its linked tickets have them too."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from common.errors import NotAllowedNow
from escalation import permissions as may
from escalation.actions import lock_escalation
from escalation.enums import LIVE_STATES
from escalation.models import AffectedService, Escalation
from escalation.parties.customers import linked_tickets
from escalation.recording import record_step
from people.models import User
from tickets.catalogue import find_services, inherit
from tickets.enums import EventKind
from tickets.models import Event, Ticket

_LINKS = frozenset({EventKind.LINKED, EventKind.SPLIT})


@transaction.atomic
def set_services(*, user: User, number: int, services: Collection[str], now: datetime) -> Escalation:
    """Exactly these, by their short names. Raises InvalidInput for one that the catalogue does not have."""
    may.access_to_work(user, number)
    escalation = lock_escalation(number)
    if escalation.state not in LIVE_STATES:
        raise NotAllowedNow(_("%(ref)s has ended: its services stay as they were.") % {"ref": escalation.reference})
    before = {row.service_id: row.service.name for row in escalation.affected_services.select_related("service")}
    wanted = find_services(services, keep=before)
    keys = [service.pk for service in wanted]
    if set(keys) == set(before):
        return escalation
    escalation.affected_services.exclude(service__in=keys).delete()
    AffectedService.objects.bulk_create(
        AffectedService(escalation=escalation, service=service) for service in wanted if service.pk not in before
    )
    hand_down(escalation)
    names = ", ".join(service.name for service in wanted) or "–"
    record_step(escalation, "services", by=user, now=now, services=names)
    return escalation


def hand_down_along(*, ticket: Ticket, events: Sequence[Event]) -> None:
    """Its links have changed: what is linked now is about the services of its escalations at once.

    Called with the ticket's lock held, under which their services and customers are changed too.
    """
    if not any(event.kind in _LINKS for event in events):
        return
    of_services = Exists(AffectedService.objects.filter(escalation=OuterRef("pk")))
    for escalation in Escalation.objects.live().filter(of_services, ticket=ticket):
        hand_down(escalation)


def hand_down(escalation: Escalation) -> None:
    """What is linked to it is about its services; called under its lock whenever either changes."""
    services = list(escalation.affected_services.order_by().values_list("service_id", flat=True))
    inherit(reference=escalation.reference, tickets=linked_tickets(escalation), services=services)
