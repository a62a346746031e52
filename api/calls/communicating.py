"""The calls between the levels: the summary to senior management (R43)."""

from api.ask import Ask
from api.calls.escalations import on_one, shown
from api.endpoint import endpoint
from api.inputs.communicating import SummaryInput
from api.shapes.escalations import EscalationShape
from escalation import communicating_services as services


def send_summary(ask: Ask, number: int) -> EscalationShape:
    """The executive summary to senior people: those of the chain of command above the escalation."""
    return shown(services.send_summary(user=ask.user, number=number, now=ask.now, **ask.given), ask)


verbs = {"send-summary": endpoint(POST=on_one(send_summary, SummaryInput))}
