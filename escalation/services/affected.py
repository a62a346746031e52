"""The front doors' way to the list of affected customers: sight, then the right, then the action."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from escalation import permissions as may
from escalation.initiate import affected
from escalation.initiate.affected import Report
from escalation.models import Escalation
from escalation.parties import roll
from people.models import Organisation, User
from tickets.querysets import TicketQuerySet
from tickets.saved import access_view, tickets_of
from tickets.search import find


def add_customers(*, user: User, number: int, emails: Collection[str], now: datetime) -> Report:
    """These, by their addresses."""
    may.access_to_work(user, number)
    lines, wrong = roll.read("\n".join(emails), field="emails")
    return affected.add_listed(number=number, lines=lines, wrong=wrong, by=user, now=now, how="hand")


def add_customers_from(*, user: User, number: int, text: str, now: datetime, field: str = "csv") -> Report:
    """Those on a list: CSV with a column of addresses, or lines. What was not taken is in the report, with why."""
    may.access_to_work(user, number)
    lines, wrong = roll.read(text, field=field)
    return affected.add_listed(number=number, lines=lines, wrong=wrong, by=user, now=now)


def add_customers_found(*, user: User, number: int, now: datetime, search: str = "", view: int | None = None) -> Report:
    """The requesters of the tickets that a search or a saved view shows this person."""
    may.access_to_work(user, number)
    return affected.add_found(number=number, tickets=tickets_meant(user, search, view, now), by=user, now=now)


def tickets_meant(user: User, search: str, view: int | None, now: datetime) -> TicketQuerySet:
    """What a search or a view shows this person. An empty search means nothing: everybody is nobody's filter."""
    if view is not None:
        return tickets_of(user, access_view(user, view), now)
    if not search.strip():
        raise InvalidInput.of("search", _("Say which tickets."))
    try:
        return find(user, search, now=now)
    except InvalidInput as error:
        raise InvalidInput.of("search", str(error)) from error


def remove_customer(*, user: User, number: int, email: str, now: datetime) -> Escalation:
    may.access_to_work(user, number)
    return affected.remove(number=number, person=_person(email), by=user, now=now)


def leave_out(*, user: User, number: int, email: str, reason: str, now: datetime) -> Escalation:
    """Of the updates to customers, by whoever may set a condition aside."""
    escalation = may.access_escalation(user, number)
    may.check(may.may_override(user, escalation), _("Only the escalation manager may do this."))
    return affected.leave_out(number=number, person=_person(email), by=user, reason=reason, now=now)


def confirm_access(
    *,
    user: User,
    number: int,
    now: datetime,
    emails: Collection[str] = (),
    organisation: str = "",
    waived: str = "",
    note: str = "",
) -> Escalation:
    """These customers, or all of an organisation, can work again; `waived` says why nobody waits for it (R25, R48)."""
    escalation = may.access_escalation(user, number)
    may.check(may.confirms_access(user, escalation), _("Only the customer engagement executive may do this."))
    return affected.settle_access(
        number=number,
        by=user,
        now=now,
        people=[_person(email) for email in emails],
        organisation=_organisation(organisation) if organisation else None,
        waived=waived,
        note=note,
    )


def take_back_access(*, user: User, number: int, email: str, reason: str, now: datetime) -> Escalation:
    """By whoever may confirm it (R48)."""
    escalation = may.access_escalation(user, number)
    may.check(may.confirms_access(user, escalation), _("Only the customer engagement executive may do this."))
    return affected.take_back_access(number=number, person=_person(email), by=user, reason=reason, now=now)


def _person(email: str) -> int:
    found = User.objects.at_address(email).values_list("pk", flat=True).first()
    if found is None:
        raise InvalidInput.of("email", _("Nobody has the address “%(email)s”.") % {"email": email[:80]})
    return found


def _organisation(slug: str) -> Organisation:
    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        raise InvalidInput.of("organisation", _("There is no organisation “%(name)s”.") % {"name": slug[:80]})
    return found
