"""My requests, and my organisation's where I oversee it: what is open and what is done, each with its promise."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from common import clock
from common.questions import Question
from desk.answers import BAD_INPUT, show
from desk.portal.facts import facts_of, in_full
from desk.portal.guard import CustomerRequest, customer_page
from desk.portal.own import among, listed
from desk.portal.record import record_of
from desk.portal.standing import Standing, standing_of
from escalation.enums import State
from escalation.services.restored import asked_among
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
    ours = asked.whose == "ours"
    try:
        found = among(find(request.user, asked.q), request.user, ours=ours) if asked.q else None
    except QueryError as error:
        found, wrong = Ticket.objects.none(), str(error)
    counts = _counted(_by_status.rows(request.user.pk, ours=ours) if found is None else _statuses(found))
    page = Paginator(range(counts[asked.show]), PAGE).get_page(request.GET.get("page"))
    if found is None and page.number == 1:
        numbers = _first.rows(request.user.pk, ours=ours, shown=asked.show)
    else:
        among_all = listed(request.user.pk, ours=ours) if found is None else found
        numbers = list(_numbers(among_all, shown=asked.show)[max(page.start_index() - 1, 0) : page.end_index()])
    standings = [standing_of(facts, now) for facts in facts_of(in_full([number for (number,) in numbers]))]
    context = {
        "standings": standings,
        "asked_whether_it_works": _asked_whether_it_works(request.user, standings),
        "counts": counts,
        "asked": asked,
        "here": asked.address(page.number),
        "page": page,
        "record": record_of(request.user, now, ours=ours),
        "oversees": oversees,
        "longest": LONGEST_QUERY,
        "wrong": wrong,
        "portal_active": "requests",
        "now": now,
    }
    return show(request, "portal/requests.html", context, status=BAD_INPUT if wrong else 200)


def _asked_whether_it_works(user: User, standings: Iterable[Standing]) -> set[int]:
    """No query where nothing is resolved."""
    resolved = [
        one.ticket.number for one in standings if one.escalation is not None and one.escalation.state == State.RESOLVED
    ]
    return asked_among(user, resolved) if resolved else set()


@Question
def _by_status(customer: int, *, ours: bool) -> "QuerySet[Ticket, tuple[str, int]]":
    return _statuses(listed(customer, ours=ours))


def _statuses(found: TicketQuerySet) -> "QuerySet[Ticket, tuple[str, int]]":
    return found.order_by().values_list("status").annotate(Count("pk"))


def _counted(by_status: Iterable[tuple[str, int]]) -> dict[str, int]:
    counts = dict.fromkeys(FILTERS, 0)
    for status, count in by_status:
        counts["open" if status in ACTIVE_STATUSES else "closed"] += count
    return counts


@Question
def _first(customer: int, *, ours: bool, shown: str) -> "QuerySet[Ticket, tuple[int]]":
    return _numbers(listed(customer, ours=ours), shown=shown)[:PAGE]


def _numbers(found: TicketQuerySet, *, shown: str) -> "QuerySet[Ticket, tuple[int]]":
    return found.filter(FILTERS[shown]).values_list("number")
