"""Who inside is told of an escalation besides those who work on it (R29)."""

from django.db.models import Q

from escalation.models import Escalation, Stakeholder
from escalation.parties.customers import customers_of
from people.models import User


def stakeholders_of(escalation: Escalation) -> list[User]:
    """By its services, its customers' organisations and its severity; one query. Everybody once, by name."""
    services = escalation.affected_services.order_by().values("service")
    houses = customers_of(escalation).order_by().values("person__organisation")
    told = Stakeholder.objects.filter(
        Q(service=None) | Q(service__in=services),
        Q(organisation=None) | Q(organisation__in=houses),
        severity_to__gte=escalation.severity,
    )
    return list(User.objects.active().staff().filter(pk__in=told.order_by().values("person")).order_by("name", "pk"))
