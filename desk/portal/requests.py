"""My requests, and my organisation's where I oversee it: what is open and what is done, each with its promise."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from common import clock
from desk.answers import BAD_INPUT, show
from desk.portal.facts import facts_of, in_full
from desk.portal.guard import CustomerRequest, customer_page
from desk.portal.record import record_of
from desk.portal.standing import standing_of
from people.enums import Sight
from people.models import User
from tickets.enums import ACTIVE_STATUSES
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet
from tickets.search import LONGEST_QUERY, QueryError, find

PAGE = 50
FILTERS = {"open": Q(status__in=ACTIVE_STATUSES), "closed": ~Q(status__in=ACTIVE_STATUSES)}
WHOSE = ("mine", "ours")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which requests; kept in the address."""

    show: str = "open"
    whose: str = "mine"
    q: str = ""

    @classmethod
    def of(cls, given: QueryDict, *, oversees: bool) -> "Asked":
        """Whatever is unknown is as if it were not said."""
        shown, whose = given.get("show"), given.get("whose")
        return cls(
            show=shown if shown in FILTERS else "open",
            whose=whose if oversees and whose in WHOSE else "mine",
            q=given.get("q", "").strip(),
        )

    def address(self, page: int = 1) -> str:
        said = {"show": self.show, "whose": self.whose, "q": self.q, "page": page}
        usual = {"show": "open", "whose": "mine", "q": "", "page": 1}
        return "?" + urlencode({name: value for name, value in said.items() if value != usual[name]})

    @property
    def links(self) -> dict[str, str]:
        shown = {name: replace(self, show=name).address() for name in FILTERS}
        return shown | {name: replace(self, whose=name).address() for name in WHOSE}


@require_safe
@customer_page
def requests(request: CustomerRequest) -> HttpResponse:
    now, wrong, oversees = clock.now(), "", request.user.sight != Sight.OWN
    asked = Asked.of(request.GET, oversees=oversees)
    try:
        found = _found(request.user, asked)
    except QueryError as error:
        found, wrong = Ticket.objects.none(), str(error)
    counts = found.aggregate(open=Count("pk", filter=FILTERS["open"]), closed=Count("pk", filter=FILTERS["closed"]))
    pages = Paginator(found.filter(FILTERS[asked.show]).values_list("number", flat=True), PAGE)
    # The count is known already; the paginator need not ask again.
    pages.count = counts[asked.show]
    page = pages.get_page(request.GET.get("page"))
    context = {
        "standings": [standing_of(facts, now) for facts in facts_of(in_full(list(page.object_list)))],
        "counts": counts,
        "asked": asked,
        "here": asked.address(page.number),
        "page": page,
        "record": record_of(_found(request.user, replace(asked, q="")), now),
        "oversees": oversees,
        "longest": LONGEST_QUERY,
        "wrong": wrong,
        "portal_active": "requests",
        "now": now,
    }
    return show(request, "portal/requests.html", context, status=BAD_INPUT if wrong else 200)


def _found(user: User, asked: Asked) -> TicketQuerySet:
    """One that was merged into another that he sees is found there."""
    seen = Ticket.objects.visible_to(user)
    found = find(user, asked.q) if asked.q else seen
    found = found.exclude(merged_into__in=seen.order_by().values("pk"))
    return found if asked.whose == "ours" else found.filter(requester=user)
