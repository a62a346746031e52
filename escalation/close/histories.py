"""What is on record of an escalation, as the first draft of its analysis (R52)."""

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy

from common.dates import said
from escalation.models import Escalation
from tickets.models import Event, Ticket

# What a reader of the analysis wants to know; ticks and chat are noise there.
_TOLD = {
    "escalation.opened": gettext_lazy("escalated"),
    "escalation.requested": gettext_lazy("a decision was asked for"),
    "escalation.approved": gettext_lazy("the decision came"),
    "escalation.acknowledged": gettext_lazy("somebody took it on"),
    "escalation.communicated": gettext_lazy("an update went out"),
    "escalation.planned": gettext_lazy("a plan was made"),
    "escalation.task_force": gettext_lazy("a task force was formed"),
    "escalation.technical_plan": gettext_lazy("a technical plan was made"),
    "escalation.deadline_missed": gettext_lazy("a promise was missed"),
    "escalation.resolved": gettext_lazy("declared resolved"),
    "escalation.verified": gettext_lazy("verified"),
    "escalation.reopened": gettext_lazy("reopened"),
    "escalation.closed": gettext_lazy("closed"),
}
MOST_LINES = 100


def drafted_timeline(escalation: Escalation) -> str:
    """A line for each step, with its day, its time and who did it; the coordinator edits it."""
    found = Event.objects.about(escalation.reference).filter(kind__in=_TOLD).select_related("actor")
    lines = [_line(event) for event in found.order_by("at", "pk")[:MOST_LINES]]
    return "\n".join(lines)


def findings_of(problem: Ticket) -> str:
    """What was noted on the problem record, oldest first: its findings (R26)."""
    notes = problem.messages.filter(is_public=False).order_by("created_at", "pk")
    return "\n\n".join(notes.values_list("body", flat=True))[:20_000]


def _line(event: Event) -> str:
    at = said(localtime(event.at), "d M, H:i")
    who = f" ({event.actor.name})" if event.actor else ""
    return f"{at}: {_TOLD[event.kind]}{who}"
