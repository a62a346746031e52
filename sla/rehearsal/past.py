"""What happened to tickets, read from their timelines: as each was when it was opened, and every step since."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast

from people.models import Team
from sla.firing import RULE
from tickets.conditions import Facts
from tickets.enums import DONE_STATUSES, EventKind
from tickets.matching import facts_for
from tickets.models import Event, Ticket
from tickets.rewinding import before

# Few enough that what is read for them is forgotten before the collector of garbage takes it for something lasting.
BATCH = 500
# What moves clocks, and what changes the facts that policies ask for.
KINDS = (
    EventKind.OPENED,
    EventKind.ROUTED,
    EventKind.REPLIED,
    EventKind.CUSTOMER_WROTE,
    EventKind.STATUS,
    EventKind.PRIORITY,
    EventKind.ASSIGNED,
    EventKind.TAGGED,
    EventKind.CHANGED,
    EventKind.MERGED,
    EventKind.TRASHED,
    EventKind.RESTORED,
)

_BY_RULE = '"by_rule"'


@lru_cache(maxsize=4096)
def _read(text: str) -> dict[str, Any]:
    """What was told in the same words is read once; whoever asks only looks at it."""
    found: dict[str, Any] = json.loads(text)
    return found


class Step:
    """One event, with as much of it as a clock's effect looks at; what few look into is read only for them."""

    __slots__ = ("_text", "at", "kind")

    def __init__(self, kind: str, at: datetime, text: str) -> None:
        self.kind = kind
        self.at = at
        self._text = text

    @property
    def data(self) -> dict[str, Any]:
        return _read(self._text)

    @property
    def label(self) -> str:
        return self.kind

    @property
    def is_of_a_threshold(self) -> bool:
        """Done by a policy's threshold, and by nobody: under another policy it need not have happened."""
        # Most events are looked through as text only.
        return _BY_RULE in self._text and self.data.get("by_rule") == RULE


@dataclass(frozen=True, slots=True)
class PastTicket:
    """`facts` and `team` as they were at the opening; `steps`, of people only, in the order in which they were written.

    What a policy's thresholds did need not have happened under another.
    """

    number: int
    facts: Facts
    team: Team | None
    steps: Sequence[Step] = field(default_factory=list)


def numbers_since(since: datetime) -> list[int]:
    """Of the tickets that were open at some time since then. One that was brought from elsewhere has no past here."""
    imported = Event.objects.filter(ticket=OuterRef("pk"), kind=EventKind.IMPORTED)
    lived = Ticket.objects.filter(
        Q(created_at__gte=since) | ~Q(status__in=DONE_STATUSES) | Q(solved_at__gte=since) | Q(closed_at__gte=since)
    )
    return list(lived.filter(~Exists(imported)).order_by("number").values_list("number", flat=True))


def past_of(numbers: Sequence[int], teams: "Teams", asked: Collection[str]) -> Iterator[PastTicket]:
    """Each from its very opening, in the order of the numbers; a bounded number of queries for a batch.

    Of the facts only what is asked for need be there.
    """
    for start in range(0, len(numbers), BATCH):
        batch = numbers[start : start + BATCH]
        steps = _steps_of(batch)
        for number, facts in facts_for(batch, asked=asked):
            if begun := steps.get(number):
                yield _as_opened(number, facts, begun, teams)


class Teams:
    """The teams by the names that the timeline has for them."""

    def __init__(self) -> None:
        self._by_name = {team.name: team for team in Team.objects.select_related("lead")}
        self._by_slug = {team.slug: team for team in self._by_name.values()}

    def named(self, name: str) -> Team | None:
        return self._by_name.get(name)

    def of(self, slug: str) -> Team | None:
        return self._by_slug.get(slug)


def _steps_of(numbers: Sequence[int]) -> dict[int, list[Step]]:
    found: dict[int, list[Step]] = defaultdict(list)
    rows = Event.objects.filter(ticket__in=numbers, kind__in=KINDS).order_by("pk")
    columns = rows.values_list("ticket_id", "kind", "at", Cast("data", TextField()))
    for number, kind, at, text in columns.iterator(chunk_size=5000):
        found[number].append(Step(kind, at, text))
    return found


def _as_opened(number: int, now: Facts, steps: list[Step], teams: Teams) -> PastTicket:
    """From what it is to what it was, step by step backwards."""
    facts = now
    for step in reversed(steps):
        facts = before(facts, step)
    routed = next((step.data.get("team", "") for step in steps if step.kind == EventKind.ROUTED), "")
    team = teams.named(routed)
    slug = team.slug if team else ""
    return PastTicket(
        number,
        facts if facts.team == slug else replace(facts, team=slug),
        team,
        [step for step in steps if step.kind != EventKind.ROUTED and not step.is_of_a_threshold],
    )
