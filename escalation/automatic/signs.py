"""What is known of tickets where criteria look at them: a rule's facts, and the signals of R11 besides.

Response time: how long the customer has waited, and how much of the promise of a first reply is used. Customer history:
earlier escalations, missed promises, open tickets. In a number of queries that no number of tickets raises.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from calendars.models import CalendarVersion
from common.batches import share
from escalation.models import Escalation
from people.models import Team, User
from sla.enums import ClockState, Metric
from sla.models import Breach, Clock
from sla.moments import reached
from tickets.conditions import Facts
from tickets.conditions.keys import DEPARTMENT, OWNER, REPLY_USED, SIGNALS, WAITING
from tickets.enums import ACTIVE_STATUSES
from tickets.matching import TEXTS, facts_for
from tickets.models import Message, Ticket

MINUTE = timedelta(minutes=1)
# Of one message; more is not looked through for a word.
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Signs:
    """Of one ticket's response time: since when an answer is owed, and the clock of the first reply."""

    waits_since: datetime | None
    clock: Clock | None

    def reaches(self, key: str, bound: int) -> datetime | None:
        """When the signal reaches the bound if nothing happens; None if it never does."""
        return self._waited(bound) if key == WAITING else self._used(bound)

    def _waited(self, minutes: int) -> datetime | None:
        return self.waits_since + minutes * MINUTE if self.waits_since else None

    def _used(self, per_cent: int) -> datetime | None:
        clock = self.clock
        if clock is None or clock.running_since is None or clock.met_at is not None:
            return None
        return reached(clock.hours, clock.running_since, clock.target * per_cent / 100 - clock.used)

    def figures(self, now: datetime) -> dict[str, int]:
        """Whole minutes and whole per cents; what does not apply is not there."""
        found = {}
        if self.waits_since is not None:
            found[WAITING] = max(0, (now - self.waits_since) // MINUTE)
        if self.clock is not None:
            found[REPLY_USED] = share_used(self.clock, now)
        return found


def share_used(clock: Clock, now: datetime) -> int:
    """Per cent of its target, counted in its own hours."""
    used = clock.used
    if clock.running_since is not None and clock.met_at is None:
        used += clock.hours.worked(clock.running_since, now)
    # A threshold lies on a microsecond, so a share just below the whole is the whole.
    return int(round(used * 100 / clock.target, 6))


@dataclass(frozen=True, slots=True)
class Known:
    facts: Facts
    signs: Signs


def known_of(
    tickets: Sequence[Ticket], now: datetime, asked: Collection[str], *, looking_back: bool = False
) -> dict[int, Known]:
    """By number. `asked` are the conditions' keys; what nobody asks for is not looked up.

    Looking back, a ticket has waited from its opening to its first answer.
    """
    numbers = [ticket.number for ticket in tickets]
    texts = _written(numbers) if TEXTS.intersection(asked) else {}
    signs = _signs(tickets, asked)
    ranks, departments = _ranks(tickets, asked), _departments(tickets, asked)
    waited = _first_waits(tickets, now) if looking_back and WAITING in asked else {}
    history = _history(tickets, asked)
    found = {}
    for number, facts in facts_for(numbers, asked=set(asked) - TEXTS):
        figures: dict[str, Any] = {**history.get(number, {}), **signs[number].figures(now), **waited.get(number, {})}
        figures |= {**ranks.get(number, {}), **departments.get(number, {})}
        found[number] = Known(replace(facts, text=texts.get(number, ""), signals=figures), signs[number])
    return found


def _ranks(tickets: Sequence[Ticket], asked: Collection[str]) -> dict[int, dict[str, str]]:
    """Of the owners: senior, else the lead of some team, else an agent (R33). What nobody owns has none."""
    owners = {one.assignee_id for one in tickets if one.assignee_id is not None} if OWNER in asked else set()
    if not owners:
        return {}
    seniors = set(User.objects.get_queryset().filter(pk__in=owners, is_senior=True).values_list("pk", flat=True))
    leads = set(Team.objects.filter(lead__in=owners).values_list("lead", flat=True))
    rank = {owner: "senior" if owner in seniors else "lead" if owner in leads else "member" for owner in owners}
    return {one.number: {OWNER: rank[one.assignee_id]} for one in tickets if one.assignee_id is not None}


def _departments(tickets: Sequence[Ticket], asked: Collection[str]) -> dict[int, dict[str, frozenset[str]]]:
    """The ticket's team and all above it (R33), by their short names; one query."""
    if DEPARTMENT not in asked:
        return {}
    teams = {pk: (slug, parent) for pk, slug, parent in Team.objects.values_list("pk", "slug", "parent")}
    return {one.number: {DEPARTMENT: _upward(one.team_id, teams)} for one in tickets}


def _upward(team: int | None, teams: Mapping[int, tuple[str, int | None]]) -> frozenset[str]:
    found: dict[int, str] = {}
    while team is not None and team not in found:
        found[team], team = teams[team]
    return frozenset(found.values())


def _written(numbers: Sequence[int]) -> dict[int, str]:
    """All that the customer has written: a criterion looks at his third message, too."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    written = Message.objects.public().filter(ticket__in=numbers, by_customer=True).order_by("ticket", "pk")
    for number, body in written.values_list("ticket_id", "body"):
        found[number].append(body[:LONGEST])
    return {number: "\n".join(bodies) for number, bodies in found.items()}


def _signs(tickets: Sequence[Ticket], asked: Collection[str]) -> dict[int, Signs]:
    waits = _waits(tickets) if WAITING in asked else {}
    clocks = _clocks(tickets) if REPLY_USED in asked else {}
    return {ticket.number: Signs(waits.get(ticket.number), clocks.get(ticket.number)) for ticket in tickets}


def _waits(tickets: Sequence[Ticket]) -> dict[int, datetime]:
    """Since the first message that nobody has answered; of a ticket without any, since it was opened."""
    unanswered = Q(ticket__last_agent_reply_at=None) | Q(created_at__gt=F("ticket__last_agent_reply_at"))
    written = Message.objects.public().filter(unanswered, ticket__in=[one.number for one in tickets], by_customer=True)
    since = dict(written.order_by().values_list("ticket").annotate(first=Min("created_at")))
    for ticket in tickets:
        if ticket.last_agent_reply_at is None:
            since.setdefault(ticket.number, ticket.created_at)
    return since


def _first_waits(tickets: Sequence[Ticket], now: datetime) -> dict[int, dict[str, int]]:
    numbers = [ticket.number for ticket in tickets]
    said = Message.objects.public().filter(ticket__in=numbers, by_customer=False, is_automatic=False).order_by()
    first = dict(said.values_list("ticket").annotate(first=Min("created_at")))
    ends = {ticket.number: first.get(ticket.number) or ticket.solved_at or now for ticket in tickets}
    return {one.number: {WAITING: max(0, (ends[one.number] - one.created_at) // MINUTE)} for one in tickets}


def _clocks(tickets: Sequence[Ticket]) -> dict[int, Clock]:
    """The clock of the first reply, met or not."""
    found = Clock.objects.filter(ticket__in=[one.number for one in tickets], metric=Metric.FIRST_RESPONSE)
    clocks = list(found.exclude(state=ClockState.CANCELLED).order_by("cycle"))
    share(clocks, "calendar_version", CalendarVersion.objects.all())
    return {clock.ticket_id: clock for clock in clocks}


def _history(tickets: Sequence[Ticket], asked: Collection[str]) -> dict[int, dict[str, int]]:
    """The customer's: of the company where there is one, else of the person."""
    if not any(key in asked for key in SIGNALS if key not in {WAITING, REPLY_USED, OWNER, DEPARTMENT}):
        return {}
    alone = {ticket.requester_id for ticket in tickets if ticket.organisation_id is None}
    raised = _count(Escalation.objects.filter(ticket__organisation=None, ticket__requester__in=alone))
    missed = _count(Breach.objects.filter(ticket__organisation=None, ticket__requester__in=alone))
    open_ = _open_tickets(tickets)
    found = {}
    for ticket in tickets:
        company, person = ticket.organisation, ticket.requester_id
        found[ticket.number] = {
            "escalations": company.escalation_count if company else raised[person],
            "breaches": company.breach_count if company else missed[person],
            "open_tickets": open_[ticket.organisation_id, None if company else person],
        }
    return found


def _count(rows: QuerySet[Any]) -> Mapping[int, int]:
    return Counter(dict(rows.order_by().values_list("ticket__requester").annotate(n=Count("pk"))))


def _open_tickets(tickets: Iterable[Ticket]) -> Mapping[tuple[int | None, int | None], int]:
    companies = {ticket.organisation_id for ticket in tickets} - {None}
    alone = {ticket.requester_id for ticket in tickets if ticket.organisation_id is None}
    open_ = Ticket.objects.filter(status__in=ACTIVE_STATUSES, trashed_at=None, merged_into=None).order_by()
    found: Counter[tuple[int | None, int | None]] = Counter()
    for key, count in open_.filter(organisation__in=companies).values_list("organisation").annotate(n=Count("pk")):
        found[key, None] = count
    of_persons = open_.filter(organisation=None, requester__in=alone)
    for key, count in of_persons.values_list("requester").annotate(n=Count("pk")):
        found[None, key] = count
    return found
