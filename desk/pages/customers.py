"""The customers: organisations and people by name, and the page of each."""

from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from common import clock
from common.errors import NotFound
from common.numbers import whole
from desk.answers import DeskRequest, desk_page, show
from desk.looks.customers.account import account
from desk.looks.customers.customer import customer_url
from desk.looks.customers.customers import (
    QUERY_LIMIT,
    one_organisation,
    one_person,
    organisations,
    people,
    switched_off,
)
from escalation.models import Escalation
from escalation.querysets import EscalationQuerySet
from people.enums import Role
from people.models import Organisation, User

LISTS = {"": organisations, "people": people, "off": switched_off}


@require_safe
@desk_page
def customers(request: DeskRequest) -> HttpResponse:
    asked = request.GET.get("kind", "")
    kinds = [name for name in LISTS if name != "off" or request.user.is_admin]
    kind = asked if asked in kinds else ""
    q = request.GET.get("q", "").strip()[:QUERY_LIMIT]
    after = request.GET.get("after", "")
    look = LISTS[kind](request.user, q, whole(after))
    known = {"kind": kind, "q": q}
    context = {
        "look": look,
        **known,
        "next_url": _with(known, after=look.after) if look.after else "",
        "kinds": [(name, _with({"q": q}, kind=name)) for name in kinds],
        "continued": bool(after),
    }
    return show(request, "desk/customers/list.html", context)


@require_safe
@desk_page
def customer(request: DeskRequest, pk: int) -> HttpResponse:
    organisation = Organisation.objects.filter(pk=pk).first()
    if organisation is None:
        raise NotFound
    now = clock.now()
    look = one_organisation(organisation, request.user, now)
    context = {"look": look, "organisation": organisation, "now": now}
    return show(request, "desk/customers/one.html", context)


@require_safe
@desk_page
def person(request: DeskRequest, pk: int) -> HttpResponse:
    found = User.objects.active().filter(pk=pk, role=Role.CUSTOMER).select_related("organisation").first()
    if found is None:
        raise NotFound
    now = clock.now()
    context = {"look": one_person(found, request.user, now), "person": found, "now": now}
    return show(request, "desk/customers/one.html", context)


@require_safe
@desk_page
def organisation_escalations(request: DeskRequest, pk: int) -> HttpResponse:
    organisation = Organisation.objects.filter(pk=pk).first()
    if organisation is None:
        raise NotFound
    found = Escalation.objects.of_organisation(pk)
    return _account(request, organisation, found, Q(ticket__organisation=pk))


@require_safe
@desk_page
def person_escalations(request: DeskRequest, pk: int) -> HttpResponse:
    customer = User.objects.active().filter(pk=pk, role=Role.CUSTOMER).first()
    if customer is None:
        raise NotFound
    return _account(request, customer, Escalation.objects.of_person(pk), Q(ticket__requester=pk))


def _account(request: DeskRequest, customer: Organisation | User, found: EscalationQuerySet, own: Q) -> HttpResponse:
    """Everything that was ever escalated for one customer, as far as the reader may see it."""
    now, given = clock.now(), request.GET.get("page", "")
    page = whole(given, 5)
    look = account(found, request.user, now, own=own, page=1 if page is None else page)
    url = customer_url(customer, None) if isinstance(customer, User) else customer_url(request.user, customer)
    context = {"look": look, "customer": customer, "customer_url": url, "now": now}
    return show(request, "desk/customers/escalations.html", context)


def _with(known: dict[str, str], **changed: object) -> str:
    query = urlencode({name: value for name, value in {**known, **changed}.items() if value})
    return f"?{query}" if query else "?"
