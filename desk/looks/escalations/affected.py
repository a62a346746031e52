"""The customers whom an escalation harms: a few of them in its room, all of them on a page of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from desk.looks.customers.customers import says
from desk.looks.escalations.contacts import channel_of
from desk.templatetags.desk_time import city, clock_text
from escalation.deadlines.arming import asks_for_updates
from escalation.enums import LIVE_STATES, State
from escalation.models import AffectedCustomer, Escalation
from escalation.parties.customers import customers_of, not_told
from escalation.permissions import confirms_access, may_override, works_on
from escalation.procedures.conditions import waits_for
from escalation.querysets import AffectedQuerySet
from people.enums import Role
from people.models import Organisation, User
from tickets.querysets import TicketQuerySet

IN_ROOM = 20
PAGE = 50
FOUND = 8
HOUSES = 12
SHORTEST = 2


class CustomerLine(NamedTuple):
    """One customer; `tag` says how it stands with the access, in `tone`.

    `waits`: it is to be confirmed now; `settled`: it was, and can be taken back. `not_told`: an update is owed to him.
    """

    person: User
    detail: str
    ticket: int | None
    tag: str
    tone: str
    why: str
    waits: bool
    settled: bool
    stays: bool
    reach: str
    not_told: bool


class House(NamedTuple):
    """An organisation of which several are harmed, and of how many access is open."""

    organisation: Organisation
    harmed: int
    open: int


@dataclass(frozen=True, slots=True)
class AffectedLook:
    total: int
    open: int
    lines: list[CustomerLine]
    after: int | None
    may_change: bool
    may_confirm: bool
    asks_whom_told: bool
    may_leave_out: bool

    @property
    def more(self) -> int:
        return self.total - len(self.lines)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a search would add, before it does."""

    tickets: int
    customers: int
    new: int


def _all(rows: AffectedQuerySet) -> AffectedQuerySet:
    return rows


# What the list can be narrowed to.
ONLY: dict[str, Callable[[AffectedQuerySet], AffectedQuerySet]] = {
    "open": lambda rows: rows.without_access(),
    "untold": not_told,
}


def in_room(escalation: Escalation, user: User, now: datetime) -> AffectedLook:
    """The first of them, those without access before the others once that is asked. One query."""
    rows = customers_of(escalation).with_people()
    if escalation.state == State.RESOLVED:
        rows = rows.order_by(F("access_at").asc(nulls_first=True), "pk")
    return _look(escalation, user, list(rows[:IN_ROOM]), None, now)


def on_page(
    escalation: Escalation, user: User, now: datetime, *, q: str = "", only: str = "", after: int | None = None
) -> AffectedLook:
    """A page of them in the order in which they came, as narrowed. One query."""
    rows = ONLY.get(only, _all)(customers_of(escalation)).with_people().saying(q)
    if after:
        rows = rows.filter(pk__gt=after)
    found = list(rows.order_by("pk")[: PAGE + 1])
    return _look(escalation, user, found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None, now)


def houses(escalation: Escalation) -> list[House]:
    """The organisations of which more than one is harmed, those with most first. Two queries."""
    rows = customers_of(escalation).filter(person__organisation__isnull=False).order_by()
    counted = rows.values("person__organisation").annotate(
        harmed=Count("pk"), open=Count("pk", filter=Q(access_at=None))
    )
    several = list(counted.filter(harmed__gt=1).order_by("-open", "-harmed", "person__organisation")[:HOUSES])
    known = Organisation.objects.in_bulk([row["person__organisation"] for row in several])
    return [House(known[row["person__organisation"]], row["harmed"], row["open"]) for row in several]


def found_by_name(escalation: Escalation, words: str) -> list[tuple[User, bool]]:
    """Customers by name, address or company, and whether each is on the list already. Two queries."""
    if len(words) < SHORTEST:
        return []
    active = User.objects.active().filter(role=Role.CUSTOMER).select_related("organisation")
    meant = says("name", words) | Q(email__icontains=words) | says("organisation__name", words)
    people = list(active.filter(meant).order_by("name", "pk")[:FOUND])
    there = set(customers_of(escalation).filter(person__in=people).values_list("person_id", flat=True))
    return [(person, person.pk in there) for person in people]


def preview(escalation: Escalation, tickets: TicketQuerySet) -> Preview:
    """Three counts."""
    theirs = tickets.filter(requester__role=Role.CUSTOMER, requester__is_active=True, merged_into=None).order_by()
    people = theirs.values("requester").distinct()
    known = customers_of(escalation).filter(person__in=theirs.values("requester"))
    customers = people.count()
    return Preview(tickets.count(), customers, customers - known.count())


def _look(
    escalation: Escalation, user: User, rows: list[AffectedCustomer], after: int | None, now: datetime
) -> AffectedLook:
    asks_access = waits_for("access_confirmed", escalation)
    may_confirm = confirms_access(user, escalation) and asks_access
    asked = escalation.state == State.COMMUNICATING and asks_for_updates(escalation.procedure)
    shown = not_told(customers_of(escalation)).filter(pk__in=[row.pk for row in rows])
    untold = set(shown.values_list("pk", flat=True)) if asked else set()
    return AffectedLook(
        total=escalation.affected_count,
        open=escalation.access_open,
        lines=[_line(row, escalation, now, asks_access, may_confirm, row.pk in untold) for row in rows],
        after=after,
        may_change=escalation.state in LIVE_STATES and works_on(user, escalation),
        may_confirm=may_confirm and escalation.state == State.RESOLVED,
        asks_whom_told=asked,
        may_leave_out=asked and may_override(user, escalation),
    )


def _line(
    row: AffectedCustomer, escalation: Escalation, now: datetime, asks_access: bool, may_confirm: bool, untold: bool
) -> CustomerLine:
    person = row.person
    asked = escalation.state in {State.RESOLVED, State.CLOSED} and (row.access_at is not None or asks_access)
    tag, tone = _tag(row, now) if asked else (_("Not told yet"), "warn") if untold else ("", "")
    return CustomerLine(
        person=person,
        detail=person.organisation.name if person.organisation else person.email,
        ticket=row.ticket_id,
        tag=tag,
        tone=tone,
        why=row.access_waived or (row.left_out if escalation.state == State.COMMUNICATING else ""),
        waits=may_confirm and row.access_at is None and escalation.state == State.RESOLVED,
        settled=may_confirm and row.access_at is not None and escalation.state == State.RESOLVED,
        stays=person.pk == escalation.ticket.requester_id,
        not_told=untold,
        reach=" · ".join((channel_of(row), str(person.get_language_display()), city(person.time_zone))),
    )


def _tag(row: AffectedCustomer, now: datetime) -> tuple[str, str]:
    if row.access_at is None:
        return _("Access unconfirmed"), "warn"
    if row.access_waived:
        return _("Waived by %(name)s") % {"name": row.access_by or "–"}, ""
    return _("Access %(at)s") % {"at": clock_text(row.access_at, now)}, "ok"
