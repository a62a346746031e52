"""What is said to whoever saw to a recommendation, once its effect is measured (R85)."""

from common.languages import phrase as _
from escalation.models import Recommendation
from notifications.enums import AlertKind
from notifications.letters import Letter
from people.models import User
from reports.outcome_words import (
    aim_text,
    before_after_text,
    difference_text,
    interval_text,
    measured_text,
    short_text,
)
from reports.outcomes import Outcome, outcomes


def measured(row: Recommendation, person: User) -> Letter:
    """With the figures, as far as his own reports would say them."""
    outcome = outcomes(person, [row]).get(row.pk)
    return Letter(
        kind=AlertKind.STATUS,
        title=_("What it has changed is measured: %(title)s") % {"title": row.title},
        body=" ".join(part for part in (short_text(outcome), before_after_text(outcome)) if part) if outcome else "",
        path=f"/escalations/recommendations/?look=settled#recommendation-{row.pk}",
        facts=_facts(outcome) if outcome else (),
        action=_("See the recommendation"),
        escalation_number=row.escalation_id,
    )


def _facts(outcome: Outcome) -> tuple[tuple[str, str], ...]:
    apart = " · ".join(part for part in (difference_text(outcome), interval_text(outcome)) if part)
    said = (
        (_("It should move"), aim_text(outcome)),
        (_("Difference"), apart),
        (_("Before and after"), before_after_text(outcome)),
        (_("When"), measured_text(outcome)),
    )
    return tuple((label, text) for label, text in said if text)
