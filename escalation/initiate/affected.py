"""The list of affected customers (R17) and what each of them has again (R25, R48): lock, act, count, record.

Thousands at a time: whoever is added is looked up and stored in a few statements, whatever their number.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow
from common.rows import insert
from common.text import many_lines
from escalation.actions import lock_escalation
from escalation.enums import LIVE_STATES, State
from escalation.initiate.servicing import hand_down
from escalation.models import AffectedCustomer, Escalation
from escalation.parties.customers import customers_of
from escalation.parties.roll import Line, NotTaken
from escalation.querysets import AffectedQuerySet
from escalation.recording import record_step
from people.enums import Role
from people.models import Organisation, User
from tickets.querysets import TicketQuerySet

__all__ = ["MOST_AFFECTED", "Report", "add_all", "add_found", "add_listed", "customers_of", "remove", "settle_access"]

MOST_AFFECTED = 50_000
# As many values as a statement takes on either database without complaint.
AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a list: how many are new on it, how many stood there already, and each line that was not taken."""

    added: int = 0
    already: int = 0
    not_taken: tuple[NotTaken, ...] = ()


@transaction.atomic
def add_all(
    *,
    number: int,
    people: Mapping[int, int | None],
    by: User,
    now: datetime,
    how: str,
    not_taken: Sequence[NotTaken] = (),
) -> Report:
    """These customers by their keys, each with the number of a ticket of theirs where one is known.

    `how` says on the timeline where they came from: hand, search, list. Who is there already stays as he is.
    """
    escalation = _lock_live(number)
    there = set(customers_of(escalation).values_list("person_id", flat=True))
    new = {person: ticket for person, ticket in people.items() if person not in there}
    if len(there) + len(new) > MOST_AFFECTED:
        raise InvalidInput.of(
            "people", _("An escalation holds at most %(most)d affected customers.") % {"most": MOST_AFFECTED}
        )
    insert(AffectedCustomer, [_row(escalation, person, ticket, by, now) for person, ticket in new.items()])
    if new:
        _count(escalation)
        hand_down(escalation)
        record_step(escalation, "customers_added", by=by, now=now, count=len(new), how=how)
    return Report(added=len(new), already=len(people) - len(new), not_taken=tuple(not_taken))


def add_found(*, number: int, tickets: TicketQuerySet, by: User, now: datetime) -> Report:
    """The requesters of these tickets, which the caller has found among those that this person may see."""
    customers = tickets.filter(requester__role=Role.CUSTOMER, requester__is_active=True, merged_into=None)
    newest = customers.order_by().values("requester").annotate(newest=Max("number")).values_list("requester", "newest")
    people = dict(newest[: MOST_AFFECTED + 1])
    return add_all(number=number, people=people, by=by, now=now, how="search")


def add_listed(
    *, number: int, lines: Iterable[Line], wrong: Sequence[NotTaken], by: User, now: datetime, how: str = "list"
) -> Report:
    """The customers whose addresses stand on these lines; each line that is not taken is in the report, with why."""
    wanted, doubled = _once(lines)
    known = _people_at([line.email for line in wanted])
    taken = [line for line in wanted if _may_be_harmed(known.get(line.email))]
    unknown = [_refusal(line, known.get(line.email)) for line in wanted if not _may_be_harmed(known.get(line.email))]
    people: dict[int, int | None] = {known[line.email].pk: None for line in taken}
    refused = sorted([*wrong, *doubled, *unknown], key=lambda one: one.line)
    return add_all(number=number, people=people, by=by, now=now, how=how, not_taken=refused)


@transaction.atomic
def remove(*, number: int, person: int, by: User, now: datetime) -> Escalation:
    """Not harmed after all. The requester of the ticket stays: without him there would be no escalation."""
    escalation = _lock_live(number)
    found = customers_of(escalation).filter(person=person).select_related("person").first()
    if found is None:
        raise InvalidInput.of("person", _("This customer is not on the list."))
    if found.person_id == escalation.ticket.requester_id:
        raise NotAllowedNow(_("%(name)s wrote the ticket and stays on the list.") % {"name": found.person.name})
    found.delete()
    _count(escalation)
    record_step(escalation, "customer_removed", by=by, now=now, name=found.person.name)
    return escalation


@transaction.atomic
def leave_out(*, number: int, person: int, by: User, reason: str, now: datetime) -> Escalation:
    """Nobody waits for this one to be told by an update, with why: he was called, or has no address (R35)."""
    reason = many_lines(reason, field="reason", limit=2000)
    escalation = _lock_live(number)
    found = customers_of(escalation).filter(person=person).select_related("person").first()
    if found is None:
        raise InvalidInput.of("person", _("This customer is not on the list."))
    found.left_out = reason
    found.save(update_fields=["left_out"])
    record_step(escalation, "customer_left_out", by=by, now=now, name=found.person.name, reason=reason[:300])
    return escalation


@transaction.atomic
def settle_access(
    *,
    number: int,
    by: User,
    now: datetime,
    people: Collection[int] = (),
    organisation: Organisation | None = None,
    waived: str = "",
    note: str = "",
) -> Escalation:
    """These customers, or all of an organisation, can work again; or, with a reason, nobody waits for it (R48).

    Naming nobody is enough where it is open of one alone. Raises NotAllowedNow before it is declared resolved.
    """
    escalation = lock_escalation(number)
    if escalation.state != State.RESOLVED:
        raise NotAllowedNow(_("Access is confirmed once %(ref)s is declared resolved.") % {"ref": escalation.reference})
    reason = many_lines(waived, field="waived", limit=2000) if waived else ""
    rows = _chosen(escalation, people, organisation)
    count = rows.update(access_at=now, access_by=by, access_waived=reason)
    _count(escalation)
    if escalation.access_open == 0 and escalation.access_confirmed_at is None:
        escalation.access_confirmed_at, escalation.access_confirmed_by = now, by
        escalation.save(update_fields=["access_confirmed_at", "access_confirmed_by"])
    what = "access_waived" if reason else "access_confirmed"
    words = {"reason": reason[:300]} if reason else {"note": note[:300]}
    record_step(escalation, what, by=by, now=now, count=count, left=escalation.access_open, **words)
    return escalation


@transaction.atomic
def take_back_access(*, number: int, person: int, by: User, reason: str, now: datetime) -> Escalation:
    """This one cannot work after all, or is waited for again (R48): open once more, with why, until the close."""
    reason = many_lines(reason, field="reason", limit=2000)
    escalation = lock_escalation(number)
    if escalation.state != State.RESOLVED:
        raise NotAllowedNow(_("Access is confirmed once %(ref)s is declared resolved.") % {"ref": escalation.reference})
    found = customers_of(escalation).filter(person=person).select_related("person").first()
    if found is None or found.access_at is None:
        raise InvalidInput.of("emails", _("This customer's access is not confirmed."))
    found.access_at = found.access_by = None
    found.access_waived = ""
    found.save(update_fields=["access_at", "access_by", "access_waived"])
    _count(escalation)
    record_step(escalation, "access_taken_back", by=by, now=now, name=found.person.name, reason=reason[:300])
    return escalation


def _chosen(escalation: Escalation, people: Collection[int], organisation: Organisation | None) -> AffectedQuerySet:
    rows = customers_of(escalation).without_access()
    if organisation is not None:
        rows = rows.filter(pk__in=customers_of(escalation).of_organisation(organisation.pk).values("pk"))
    elif people:
        rows = rows.filter(person__in=people)
    elif escalation.access_open > 1:
        raise InvalidInput.of("people", _("Say for which of the %(n)d customers.") % {"n": escalation.access_open})
    if escalation.access_open and not rows.exists():
        raise InvalidInput.of("people", _("None of these customers waits for access."))
    return rows


def _lock_live(number: int) -> Escalation:
    escalation = lock_escalation(number)
    if escalation.state not in LIVE_STATES:
        raise NotAllowedNow(
            _("%(ref)s has ended: its list of customers stays as it was.") % {"ref": escalation.reference}
        )
    return escalation


def _count(escalation: Escalation) -> None:
    """Write down how many there are, and of how many access is open: a new one opens the question again."""
    escalation.affected_count = customers_of(escalation).count()
    escalation.access_open = customers_of(escalation).without_access().count()
    if escalation.access_open:
        escalation.access_confirmed_at = escalation.access_confirmed_by = None
    escalation.save(update_fields=["affected_count", "access_open", "access_confirmed_at", "access_confirmed_by"])


def _row(escalation: Escalation, person: int, ticket: int | None, by: User, now: datetime) -> dict[str, Any]:
    return {
        "escalation_id": escalation.number,
        "person_id": person,
        "ticket_id": ticket,
        "added_by_id": by.pk,
        "added_at": now,
    }


def _once(lines: Iterable[Line]) -> tuple[list[Line], list[NotTaken]]:
    """Each address the first time that it stands there."""
    first: dict[str, Line] = {}
    again: list[NotTaken] = []
    for line in lines:
        before = first.setdefault(line.email, line)
        if before is not line:
            said = _("This address stands on line %(line)d already.") % {"line": before.number}
            again.append(NotTaken(line.number, line.text, said))
    return list(first.values()), again


def _people_at(addresses: Sequence[str]) -> dict[str, User]:
    found: dict[str, User] = {}
    for begin in range(0, len(addresses), AT_A_TIME):
        people = User.objects.get_queryset().only("pk", "email", "role", "is_active")
        found |= people.by_address(addresses[begin : begin + AT_A_TIME])
    return found


def _may_be_harmed(person: User | None) -> bool:
    return person is not None and person.is_active and person.role == Role.CUSTOMER


def _refusal(line: Line, person: User | None) -> NotTaken:
    if person is None:
        return NotTaken(line.number, line.text, _("No customer has this address."))
    if person.role != Role.CUSTOMER:
        return NotTaken(line.number, line.text, _("This is a colleague, not a customer."))
    return NotTaken(line.number, line.text, _("This customer's account is closed."))
