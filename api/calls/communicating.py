"""The calls between the levels: the summary to senior management (R43), and a hand-over with its note (R42)."""

from api.ask import Ask
from api.calls.escalations import on_one, shown
from api.endpoint import Call, endpoint
from api.inputs.communicating import HandEscalationInput, SummaryInput
from api.shapes.communicating import HandOverList, hand_overs
from api.shapes.escalations import EscalationShape
from escalation.permissions import access_escalation
from escalation.services import communicating as services
from people.enums import Role


def send_summary(ask: Ask, number: int) -> EscalationShape:
    """The executive summary to senior people: those of the chain of command above the escalation."""
    return shown(services.send_summary(user=ask.user, number=number, now=ask.now, **ask.given), ask)


def hand_over_escalation(ask: Ask, number: int) -> EscalationShape:
    """To a colleague, with a note; he is its manager once he has acknowledged it, within half an hour."""
    return shown(services.hand_over(user=ask.user, number=number, now=ask.now, **ask.given), ask)


def acknowledge_hand_over(ask: Ask, number: int) -> EscalationShape:
    """Whoever it is handed over to takes it on; 409 for everybody else."""
    return shown(services.acknowledge_hand_over(user=ask.user, number=number, now=ask.now), ask)


def list_hand_overs(ask: Ask, number: int) -> HandOverList:
    """Who handed it over to whom, with what note, and when it was acknowledged; the newest first."""
    return hand_overs(access_escalation(ask.user, number))


verbs = {
    "send-summary": endpoint(POST=on_one(send_summary, SummaryInput)),
    "hand-over": endpoint(POST=on_one(hand_over_escalation, HandEscalationInput)),
    "acknowledge-hand-over": endpoint(POST=on_one(acknowledge_hand_over)),
}
places = {
    "hand-overs": endpoint(
        GET=Call(list_hand_overs, Role.AGENT, HandOverList, sees=Role.AGENT, guard=access_escalation)
    )
}
