"""The calls of the steps Resolve and Close that answer with something else than the escalation."""

from api.ask import Ask
from api.endpoint import Call, endpoint
from api.shapes.resolving import PlanVersionList, plan_versions
from escalation.permissions import access_escalation
from people.enums import Role


def list_plan_versions(ask: Ask, number: int) -> PlanVersionList:
    """Every version of the action plan: who made it, why, and what it changed; the newest first."""
    return plan_versions(access_escalation(ask.user, number))


plan_versions_of = endpoint(
    GET=Call(list_plan_versions, Role.AGENT, PlanVersionList, sees=Role.AGENT, guard=access_escalation)
)
places = {"plan/versions": plan_versions_of}
