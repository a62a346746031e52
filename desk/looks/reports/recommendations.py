"""The register of recommendations, and those that were learned from one escalation (R85)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from desk.looks.reports.outcomes import OutcomeLook, outcome_look
from escalation.enums import TO_DO, RecommendationState
from escalation.models import Escalation, Recommendation
from escalation.permissions import may_settle, recommendations_for
from people.models import User
from reports.outcomes import outcomes

PAGE = 50
# Of one escalation; a lesson has a handful.
MOST = 20
LOOKS: dict[str, tuple[Promise, tuple[RecommendationState, ...]]] = {
    "": (_("To be done"), TO_DO),
    "settled": (_("Settled"), (RecommendationState.DONE, RecommendationState.DECLINED)),
}
# So long what has been done stands beside what is to be done.
FRESH = timedelta(days=90)
TONES = {RecommendationState.TAKEN: "esc", RecommendationState.DONE: "ok"}


ICONS = {
    RecommendationState.OPEN: "circle",
    RecommendationState.TAKEN: "progress",
    RecommendationState.DONE: "circle-check",
}


@dataclass(frozen=True, slots=True)
class RecommendationLook:
    row: Recommendation
    tone: str
    icon: str
    may_settle: bool
    sees_escalation: bool
    outcome: OutcomeLook | None


@dataclass(frozen=True, slots=True)
class Register:
    rows: list[RecommendationLook]
    older: int | None


def register(user: User, *, look: str, before: int | None) -> Register:
    """Five queries; a page begins below a key, the newest first."""
    found = recommendations_for(user).filter(state__in=LOOKS[look][1])
    found = found.filter(pk__lt=before) if before else found
    rows = list(found.order_by("-pk")[: PAGE + 1])
    shown = rows[:PAGE]
    keys = {row.escalation_id for row in shown if row.escalation_id}
    seen = set(Escalation.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
    return Register(_looks(shown, user, seen), shown[-1].pk if len(rows) > PAGE else None)


def in_room(escalation: Escalation, user: User) -> list[RecommendationLook]:
    rows = list(escalation.recommendations.select_related("owner", "made_by")[:MOST])
    return _looks(rows, user, {escalation.pk})


def fresh(user: User, *, now: datetime, most: int) -> list[RecommendationLook]:
    """What is to be done, and what has been done lately and should move a figure; the latest first."""
    done = Q(state=RecommendationState.DONE, settled_at__gte=now - FRESH, aim__isnull=False)
    found = recommendations_for(user).filter(done | Q(state__in=LOOKS[""][1]))
    return _looks(list(found.order_by("-pk")[:most]), user, set())


def _looks(rows: Iterable[Recommendation], user: User, seen: set[int]) -> list[RecommendationLook]:
    rows = list(rows)
    known = {pk: outcome_look(outcome) for pk, outcome in outcomes(user, rows).items()}
    return [
        RecommendationLook(
            row,
            TONES.get(RecommendationState(row.state), ""),
            ICONS.get(RecommendationState(row.state), "x"),
            may_settle(user, row),
            row.escalation_id in seen,
            known.get(row.pk),
        )
        for row in rows
    ]
