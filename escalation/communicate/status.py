"""What is wrong with a service, as the customers whom it concerns may read it: what was told to customers, no more.

A matter concerns whoever it harms. Whoever asked about the service before is concerned by what harms several: of what
harms a single customer the words are for him alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from escalation.enums import OPEN_STATES, Audience, State
from escalation.models import AffectedCustomer, AffectedService, Communication, Escalation
from escalation.wording import Text, read_by
from people.models import User
from tickets.models import Service, TicketService

SPAN = timedelta(days=90)
# What was asked for and not taken up is between colleagues.
_UNTAKEN = (State.REQUESTED, State.DECLINED)


@dataclass(frozen=True, slots=True)
class Said:
    at: datetime
    text: Text


@dataclass(frozen=True, slots=True)
class Matter:
    """`next_update_by` is None where none was promised, or it has ended; `said` is newest first."""

    started_at: datetime
    is_over: bool
    next_update_by: datetime | None
    said: list[Said]


@dataclass(frozen=True, slots=True)
class ServiceState:
    service: Service
    current: int
    last_at: datetime | None


def states_for(user: User, now: datetime) -> list[ServiceState]:
    """The services that this customer has asked about or is harmed by, what is wrong first. Two queries."""
    known = {service.pk: service for service in Service.objects.filter(is_active=True, pk__in=_used(user))}
    current: dict[int, int] = {}
    last: dict[int, datetime] = {}
    for row in _rows(user, now).select_related("service", "escalation"):
        known[row.service_id] = row.service
        current[row.service_id] = current.get(row.service_id, 0) + (row.escalation.state in OPEN_STATES)
        last[row.service_id] = max(last.get(row.service_id, row.escalation.opened_at), row.escalation.opened_at)
    states = [ServiceState(service, current.get(pk, 0), last.get(pk)) for pk, service in known.items()]
    return sorted(states, key=lambda state: (not state.current, state.service.name))


def escalations_of(service: Service, user: User, now: datetime) -> "QuerySet[Escalation]":
    """With what was said to customers of each; what goes on first, then the newest."""
    rows = _rows(user, now).filter(service=service).order_by().values("escalation")
    told = Communication.objects.filter(audience=Audience.CUSTOMERS).order_by("-at", "-pk")
    found = Escalation.objects.filter(pk__in=rows).annotate(goes_on=Q(state__in=OPEN_STATES))
    return found.order_by("-goes_on", "-opened_at").prefetch_related(Prefetch("communications", told, to_attr="told"))


def matter_of(escalation: Escalation, reader: User, now: datetime) -> Matter:
    """Of one from `escalations_of`, as the reader reads it."""
    told: list[Communication] = escalation.told  # type: ignore[attr-defined] # by the prefetch
    is_over = escalation.state not in OPEN_STATES
    promised = None if is_over or not told else told[0].next_update_by
    said = [Said(one.at, read_by(one, reader, now)) for one in told]
    return Matter(escalation.opened_at, is_over, promised, said)


def may_see(user: User, service: Service, now: datetime) -> bool:
    is_his = Service.objects.filter(pk=service.pk, is_active=True, pk__in=_used(user)).exists()
    return is_his or _rows(user, now).filter(service=service).exists()


def _used(user: User) -> "QuerySet[TicketService, int]":
    asked = TicketService.objects.filter(ticket__requester=user, ticket__trashed_at=None)
    return asked.order_by().values_list("service", flat=True)


def _rows(user: User, now: datetime) -> "QuerySet[AffectedService]":
    of_it = OuterRef("escalation")
    told = Communication.objects.filter(escalation=of_it, audience=Audience.CUSTOMERS, at__gt=now - SPAN)
    harmed = AffectedCustomer.objects.filter(escalation=of_it, left_out="")
    many = harmed.order_by().values("escalation").annotate(n=Count("pk")).filter(n__gt=1)
    concerned = Exists(harmed.filter(person=user)) | (Q(service__in=_used(user)) & Exists(many))
    rows = AffectedService.objects.filter(Exists(told), concerned, escalation__ticket__trashed_at=None)
    return rows.exclude(escalation__state__in=_UNTAKEN).order_by("pk")
