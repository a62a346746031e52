"""The customers: organisations and people by name, and the page of each."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from common import clock
from common.errors import NotFound
from desk.answers import DeskRequest, desk_page, show
from desk.looks.customers import QUERY_LIMIT, one_organisation, one_person, organisations, people
from people.enums import Role
from people.models import Organisation, User

LISTS = {"": organisations, "people": people}


@require_safe
@desk_page
def customers(request: DeskRequest) -> HttpResponse:
    kind = "people" if request.GET.get("kind") == "people" else ""
    q = request.GET.get("q", "").replace("\x00", "").strip()[:QUERY_LIMIT]
    after = request.GET.get("after", "")
    look = LISTS[kind](request.user, q, int(after) if after.isascii() and after.isdigit() and len(after) < 16 else None)
    known = {"kind": kind, "q": q}
    context = {
        "look": look,
        **known,
        "next_url": _with(known, after=look.after) if look.after else "",
        "kinds": [(name, _with({"q": q}, kind=name)) for name in LISTS],
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
    context = {"look": one_organisation(organisation, request.user, now), "now": now}
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


def _with(known: dict[str, str], **changed: object) -> str:
    query = urlencode({name: value for name, value in {**known, **changed}.items() if value})
    return f"?{query}" if query else "?"
