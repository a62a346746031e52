"""The calls about hand-offs to another team: accepted, and looked back on (R1, R42). Returning is a verb besides."""

from api.ask import Ask
from api.calls.escalations import on_one, shown
from api.endpoint import Call, endpoint
from api.shapes.escalations import EscalationShape
from api.shapes.hand_offs import HandOffList, hand_offs_shape
from api.shapes.suggestions import SuggestionList, suggestions_shape
from escalation import services
from escalation.functional.suggesting import suggest
from escalation.permissions import access_escalation
from people.enums import Role
from tickets.permissions import May, access_ticket


def accept(ask: Ask, number: int) -> EscalationShape:
    """Somebody of the receiving team takes the hand-off; that acknowledges it, too."""
    return shown(services.accept(user=ask.user, number=number, now=ask.now), ask)


def list_hand_offs(ask: Ask, number: int) -> HandOffList:
    """All hand-offs of its ticket with their evidence, and who held the ticket for how much of the customer's time."""
    return hand_offs_shape(access_escalation(ask.user, number), ask)


def suggest_teams(ask: Ask, number: int) -> SuggestionList:
    """The teams to which the ticket could be escalated, the best first, with what speaks for and against each."""
    return suggestions_shape(suggest(access_ticket(ask.user, number, can=May.WORK), ask.user, ask.now))


teams = endpoint(GET=Call(suggest_teams, Role.AGENT, SuggestionList, guard=access_ticket))
verbs = {"accept": endpoint(POST=on_one(accept))}
places = {
    "hand-offs": endpoint(GET=Call(list_hand_offs, Role.AGENT, HandOffList, sees=Role.AGENT, guard=access_escalation))
}
