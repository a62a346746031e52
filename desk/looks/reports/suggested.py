"""What colleagues suggest to train, learned from analyses and reviews: why, and for whom (R93)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q

from desk.looks.reports.training import NAMES, SINCE
from escalation.close import causes
from escalation.enums import TO_DO, RecommendedFor
from escalation.models import Escalation, Recommendation
from escalation.permissions import may_settle, recommendations_for
from people.models import User

# The newest; the register has them all.
MOST = 20


@dataclass(frozen=True, slots=True)
class ToTrain:
    """`whom`: of those the reader answers for and himself, from whose tickets escalations of its cause came, and how
    many; `more` are beyond those that are named."""

    row: Recommendation
    why: str
    cause: str
    sees_escalation: bool
    whom: list[tuple[str, int]]
    more: int
    may_decline: bool


def suggested_trainings(user: User, people: Mapping[int, str], *, now: datetime) -> list[ToTrain]:
    """Five questions at most, however many there are; whose tickets it were is said of the last ninety days."""
    found = recommendations_for(user).filter(about=RecommendedFor.TRAINING, state__in=TO_DO)
    rows = list(found.order_by("-pk")[:MOST])
    keys = {row.escalation_id for row in rows if row.escalation_id}
    seen = set(Escalation.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)) if rows else set()
    names, known = causes.names() if rows else {}, {**people, user.pk: user.name}
    often = _often(user, {_cause(row) for row in rows} - {""}, known, now)
    return [
        ToTrain(
            row,
            _why(row),
            names.get(_cause(row), _cause(row)),
            row.escalation_id in seen,
            [(known[pk], n) for pk, n in often[_cause(row)].most_common(NAMES)],
            max(0, len(often[_cause(row)]) - NAMES),
            may_settle(user, row),
        )
        for row in rows
    ]


def _why(row: Recommendation) -> str:
    """In one line, without what the title says already."""
    return " ".join(line for line in row.why.splitlines() if line.strip() not in ("", row.title))


def _cause(row: Recommendation) -> str:
    return row.escalation.cause if row.escalation else ""


def _often(user: User, of: Iterable[str], people: Mapping[int, str], now: datetime) -> Mapping[str, "Counter[int]"]:
    """By cause and person; whoever handed it over and has the ticket again is counted once."""
    counts: defaultdict[str, Counter[int]] = defaultdict(Counter)
    if not of:
        return counts
    came = Escalation.objects.visible_to(user).filter(cause__in=of, opened_at__gte=now - SINCE).order_by()
    has_it_still = Q(ticket__assignee=F("from_assignee"))
    handed = came.filter(from_assignee__in=people).values_list("cause", "from_assignee")
    held = came.filter(ticket__assignee__in=people).exclude(has_it_still).values_list("cause", "ticket__assignee")
    for rows in (handed, held):
        for cause, person, n in rows.annotate(n=Count("pk", distinct=True)):
            counts[cause][person] += n
    return counts
