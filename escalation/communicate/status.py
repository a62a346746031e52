"""What is wrong with a service, as those whom it concerns may read it: what was told to customers, no more.

A matter concerns whoever it harms. Whoever asked about the service before is concerned by what was told to several, and
where the service's status is public everybody is: what was told to a single customer is for him alone.

The reader is None for whoever is no customer: a stranger, or somebody of the desk who looks at what strangers see.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from common.questions import Question
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
    who, known = _key(reader), reader is not None
    services = {service.pk: service for service in _listed.rows(who, known=known)}
    current: dict[int, int] = {}
    last: dict[int, datetime] = {}
    for row in _told_lately.rows(who, now - SPAN, known=known):
        services[row.service_id] = row.service
        current[row.service_id] = current.get(row.service_id, 0) + (row.escalation.state in OPEN_STATES)
        last[row.service_id] = max(last.get(row.service_id, row.escalation.opened_at), row.escalation.opened_at)
    states = [ServiceState(service, current.get(pk, 0), last.get(pk)) for pk, service in services.items()]
    return sorted(states, key=lambda state: (not state.current, state.service.name))


def escalations_of(service: Service, reader: User | None, now: datetime) -> list[int]:
    """The numbers of those of which the reader may read; what goes on first, then the newest. One query."""
    found = _concerning.rows(service.pk, _key(reader), now - SPAN, known=reader is not None)
    return [number for number, _goes_on, _opened_at in found]


def matters_of(numbers: Sequence[int], reader: User | None, now: datetime) -> list[Matter]:
    """Of some from `escalations_of`, in their order, as the reader reads them. Two queries."""
    escalations = {one.number: one for one in _in_full.rows(*numbers)} if numbers else {}
    told: dict[int, list[Communication]] = defaultdict(list)
    for said in _said_of.rows(_key(reader), *numbers, known=reader is not None) if numbers else ():
        told[said.escalation_id].append(said)
    return [_matter(escalations[number], told[number], reader, now) for number in numbers if number in escalations]


def _matter(escalation: Escalation, told: Sequence[Communication], reader: User | None, now: datetime) -> Matter:
    is_over = escalation.state not in OPEN_STATES
    promised = None if is_over or not told else told[0].next_update_by
    person = reader or anybody(get_language() or "", timezone.get_current_timezone_name())
    said = [Said(one.at, read_by(one, person, now)) for one in told]
    return Matter(escalation.opened_at, is_over, promised, said)


def may_see(reader: User | None, service: Service, now: datetime) -> bool:
    who, known = _key(reader), reader is not None
    return service in _listed.rows(who, known=known) or bool(escalations_of(service, reader, now))


def public_services(escalation: Escalation) -> list[str]:
    """On whose pages everybody reads what is told to several of its customers."""
    rows = AffectedService.objects.filter(escalation=escalation, service__is_public=True, service__is_active=True)
    return list(rows.order_by("service__name").values_list("service__name", flat=True))


# Below, `reader` is the key of a customer if he is `known`; whoever is not has none.


def _key(reader: User | None) -> int:
    return 0 if reader is None else reader.pk


@Question
def _listed(reader: int, *, known: bool) -> "QuerySet[Service]":
    shown = Q(is_public=True) | Q(pk__in=_used(reader)) if known else Q(is_public=True)
    return Service.objects.filter(shown, is_active=True).order_by()


@Question
def _told_lately(reader: int, since: datetime, *, known: bool) -> "QuerySet[AffectedService]":
    return _rows(reader, since, known).select_related("service", "escalation").order_by("pk")


@Question
def _concerning(
    service: int, reader: int, since: datetime, *, known: bool
) -> "QuerySet[Escalation, tuple[int, bool, datetime]]":
    rows = _rows(reader, since, known).filter(service=service).values("escalation")
    found = Escalation.objects.filter(pk__in=rows).annotate(goes_on=Q(state__in=OPEN_STATES))
    return found.order_by("-goes_on", "-opened_at", "-pk").values_list("number", "goes_on", "opened_at")


@Question
def _in_full(*numbers: int) -> "QuerySet[Escalation]":
    return Escalation.objects.filter(pk__in=numbers).order_by()


@Question
def _said_of(reader: int, *escalations: int, known: bool) -> "QuerySet[Communication]":
    """What was said to customers, the newest first."""
    to_all = Q(recipients__gt=1)
    shown = to_all | Q(escalation__in=_harming(reader).values("escalation")) if known else to_all
    return _told().filter(shown, escalation__in=escalations).order_by("-at", "-pk")


def _used(reader: int) -> "QuerySet[TicketService, int]":
    asked = TicketService.objects.filter(ticket__requester=reader, ticket__trashed_at=None)
    return asked.order_by().values_list("service", flat=True)


def _told() -> "QuerySet[Communication]":
    return Communication.objects.filter(audience=Audience.CUSTOMERS)


def _harming(reader: int) -> "QuerySet[AffectedCustomer]":
    return AffectedCustomer.objects.filter(left_out="", person=reader).order_by()


def _rows(reader: int, since: datetime, known: bool) -> "QuerySet[AffectedService]":
    told = _told().filter(escalation=OuterRef("escalation"), at__gt=since)
    to_all = Q(Exists(told.filter(recipients__gt=1)))
    concerned = Q(service__is_public=True, service__is_active=True) & to_all
    if known:
        harmed = Q(Exists(_harming(reader).filter(escalation=OuterRef("escalation"))))
        concerned |= (harmed & Q(Exists(told))) | (Q(service__in=_used(reader)) & to_all)
    rows = AffectedService.objects.filter(concerned, escalation__ticket__trashed_at=None)
    return rows.exclude(escalation__state__in=_UNTAKEN).order_by()
