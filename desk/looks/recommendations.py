"""The register of recommendations, and those that were learned from one escalation (R85)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from escalation.enums import RecommendationState
from escalation.models import Escalation, Recommendation
from escalation.permissions import may_settle, recommendations_for
from people.models import User

PAGE = 50
# Of one escalation; a lesson has a handful.
MOST = 20
LOOKS: dict[str, tuple[Promise, tuple[RecommendationState, ...]]] = {
    "": (_("To be done"), (RecommendationState.OPEN, RecommendationState.TAKEN)),
    "settled": (_("Settled"), (RecommendationState.DONE, RecommendationState.DECLINED)),
}
TONES = {RecommendationState.TAKEN: "esc", RecommendationState.DONE: "ok"}


@dataclass(frozen=True, slots=True)
class RecommendationLook:
    row: Recommendation
    tone: str
    may_settle: bool
    sees_escalation: bool


@dataclass(frozen=True, slots=True)
class Register:
    rows: list[RecommendationLook]
    older: int | None


def register(user: User, *, look: str, before: int | None) -> Register:
    """Two queries; a page begins below a key, the newest first."""
    found = recommendations_for(user).filter(state__in=LOOKS[look][1])
    found = found.filter(pk__lt=before) if before else found
    rows = list(found.order_by("-pk")[: PAGE + 1])
    shown = rows[:PAGE]
    keys = {row.escalation_id for row in shown if row.escalation_id}
    seen = set(Escalation.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
    return Register(
        [_look(row, user, sees=row.escalation_id in seen) for row in shown],
        shown[-1].pk if len(rows) > PAGE else None,
    )


def in_room(escalation: Escalation, user: User) -> list[RecommendationLook]:
    rows = escalation.recommendations.select_related("owner", "made_by")[:MOST]
    return [_look(row, user, sees=True) for row in rows]


def _look(row: Recommendation, user: User, *, sees: bool) -> RecommendationLook:
    return RecommendationLook(row, TONES.get(RecommendationState(row.state), ""), may_settle(user, row), sees)
