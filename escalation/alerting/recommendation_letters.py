"""What is said to whoever is to see to a recommendation (R85)."""

from common.languages import phrase as _
from escalation.models import Recommendation
from notifications.enums import AlertKind
from notifications.letters import Letter
from people.models import User


def yours(made: Recommendation, person: User) -> Letter:
    facts = [(_("About"), str(made.get_about_display()))]
    if made.escalation is not None:
        facts.append((_("Learned from"), f"{made.escalation.reference} {made.escalation.summary}"))
    return Letter(
        kind=AlertKind.HANDED,
        title=_("You are to see to a recommendation: %(title)s") % {"title": made.title},
        body=made.why,
        path=f"/escalations/recommendations/#recommendation-{made.pk}",
        why=made.why,
        facts=tuple(facts),
        action=_("See the recommendation"),
        escalation_number=made.escalation_id,
    )
