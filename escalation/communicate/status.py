"""What is wrong with a service, as those whom it concerns may read it: what was told to customers, no more.

A matter concerns whoever it harms. Whoever asked about the service before is concerned by what was told to several, and
where the service's status is public everybody is: what was told to a single customer is for him alone.

The reader is None for whoever is no customer: a stranger, or somebody of the desk who looks at what strangers see.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from escalation.enums import OPEN_STATES, Audience, State
from escalation.models import AffectedCustomer, AffectedService, Communication, Escalation
from escalation.wording import Text, anybody, read_by
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


def states_for(reader: User | None, now: datetime) -> list[ServiceState]:
    """The services that this customer has asked about or is harmed by, and the public ones; what is wrong first.

    Two queries.
    """
    known = {service.pk: service for service in Service.objects.filter(_listed(reader), is_active=True)}
    current: dict[int, int] = {}
    last: dict[int, datetime] = {}
    for row in _rows(reader, now).select_related("service", "escalation"):
        known[row.service_id] = row.service
        current[row.service_id] = current.get(row.service_id, 0) + (row.escalation.state in OPEN_STATES)
        last[row.service_id] = max(last.get(row.service_id, row.escalation.opened_at), row.escalation.opened_at)
    states = [ServiceState(service, current.get(pk, 0), last.get(pk)) for pk, service in known.items()]
    return sorted(states, key=lambda state: (not state.current, state.service.name))


def escalations_of(service: Service, reader: User | None, now: datetime) -> "QuerySet[Escalation]":
    """With what was said to customers of each; what goes on first, then the newest."""
    rows = _rows(reader, now).filter(service=service).order_by().values("escalation")
    his = _harmed().filter(person=reader).values("escalation")
    told = _told().filter(Q(recipients__gt=1) | Q(escalation__in=his)).order_by("-at", "-pk")
    found = Escalation.objects.filter(pk__in=rows).annotate(goes_on=Q(state__in=OPEN_STATES))
    return found.order_by("-goes_on", "-opened_at").prefetch_related(Prefetch("communications", told, to_attr="told"))


def matter_of(escalation: Escalation, reader: User | None, now: datetime) -> Matter:
    """Of one from `escalations_of`, as the reader reads it."""
    told: list[Communication] = escalation.told  # type: ignore[attr-defined] # by the prefetch
    is_over = escalation.state not in OPEN_STATES
    promised = None if is_over or not told else told[0].next_update_by
    person = reader or anybody(get_language() or "", timezone.get_current_timezone_name())
    said = [Said(one.at, read_by(one, person, now)) for one in told]
    return Matter(escalation.opened_at, is_over, promised, said)


def may_see(reader: User | None, service: Service, now: datetime) -> bool:
    is_listed = Service.objects.filter(_listed(reader), pk=service.pk, is_active=True).exists()
    return is_listed or _rows(reader, now).filter(service=service).exists()


def public_services(escalation: Escalation) -> list[str]:
    """On whose pages everybody reads what is told to several of its customers."""
    rows = AffectedService.objects.filter(escalation=escalation, service__is_public=True, service__is_active=True)
    return list(rows.order_by("service__name").values_list("service__name", flat=True))


def _listed(reader: User | None) -> Q:
    return Q(is_public=True) if reader is None else Q(is_public=True) | Q(pk__in=_used(reader))


def _used(user: User) -> "QuerySet[TicketService, int]":
    asked = TicketService.objects.filter(ticket__requester=user, ticket__trashed_at=None)
    return asked.order_by().values_list("service", flat=True)


def _told() -> "QuerySet[Communication]":
    return Communication.objects.filter(audience=Audience.CUSTOMERS)


def _harmed() -> "QuerySet[AffectedCustomer]":
    return AffectedCustomer.objects.filter(left_out="")


def _rows(reader: User | None, now: datetime) -> "QuerySet[AffectedService]":
    told = _told().filter(escalation=OuterRef("escalation"), at__gt=now - SPAN)
    of_all = Q(service__is_public=True, service__is_active=True)
    if reader is None:
        concerned = of_all & Exists(told.filter(recipients__gt=1))
    else:
        harmed = _harmed().filter(escalation=OuterRef("escalation"), person=reader)
        of_his = of_all | Q(service__in=_used(reader))
        concerned = (Exists(harmed) & Exists(told)) | (of_his & Exists(told.filter(recipients__gt=1)))
    rows = AffectedService.objects.filter(concerned, escalation__ticket__trashed_at=None)
    return rows.exclude(escalation__state__in=_UNTAKEN).order_by("pk")
