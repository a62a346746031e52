"""The calls of the steps Resolve and Close: the duties, the task force, what is linked, and the analysis (R24–R54)."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _

from api.ask import Ask
from api.calls.escalations import on_one, shown
from api.endpoint import Call, Endpoint, endpoint
from api.fields import Input
from api.inputs import resolving as given
from api.shapes import resolving as shapes
from api.shapes.escalations import EscalationShape
from common.errors import InvalidInput
from escalation.models import Escalation
from escalation.parties.customers import customers_of
from escalation.parties.linked import open_related
from escalation.permissions import access_escalation
from escalation.services import resolving as services
from people.enums import Role
from tickets.enums import Relation
from tickets.models import Ticket


def list_plan_versions(ask: Ask, number: int) -> shapes.PlanVersionList:
    """Every version of the action plan: who made it, why, and what it changed; the newest first."""
    return shapes.plan_versions(access_escalation(ask.user, number))


def show_duties(ask: Ask, number: int) -> shapes.DutiesShape:
    """Who is architect, engagement executive and problem coordinator of it."""
    return shapes.duties(access_escalation(ask.user, number))


def show_task_force(ask: Ask, number: int) -> shapes.TaskForceShape:
    """Its task force, the technical plan in all versions, and what the experts said of each."""
    return shapes.task_force(access_escalation(ask.user, number))


def list_related(ask: Ask, number: int) -> shapes.RelatedList:
    """The customers' linked tickets that are open and that the caller may see."""
    escalation = access_escalation(ask.user, number)
    seen = Ticket.objects.visible_to(ask.user)
    return shapes.related_tickets(open_related(escalation).filter(pk__in=seen.values("pk")))


def resolve_related(ask: Ask, number: int) -> shapes.RelatedList:
    """Solve the linked tickets that are named; each that is refused says why, and the rest is done."""
    return shapes.outcomes(services.resolve_related(user=ask.user, number=number, now=ask.now, **ask.given))


def show_analysis(ask: Ask, number: int) -> shapes.AnalysisShape:
    """The internal analysis, and the documents for customers with who has sent and who has read them."""
    return shapes.analysis(access_escalation(ask.user, number))


def name_responsible(ask: Ask, number: int) -> EscalationShape:
    """Give a duty to a colleague, or take it back."""
    return _act(services.name_responsible, ask, number, role=ask.given["role"], email=ask.given.get("email", ""))


def verify(ask: Ask, number: int) -> EscalationShape:
    """The architect has seen that it holds; the notices that are given go out with it."""
    told = {name: ask.given[name] for name in ("customers", "stakeholders") if name in ask.given}
    note = str(ask.given.get("note") or ask.given.get("reason", ""))
    return _act(services.verify, ask, number, note=note, **told)


def announce(ask: Ask, number: int) -> EscalationShape:
    """The notices of the resolution, a text for each audience; 409 before it is verified."""
    return _act(services.announce, ask, number, **ask.given)


def form_task_force(ask: Ask, number: int) -> EscalationShape:
    """Call people together, in a room of their own; called again, who is new joins."""
    people = {"members": [], "experts": [], **ask.given}
    return _act(services.form_task_force, ask, number, **people)


def present_plan(ask: Ask, number: int) -> EscalationShape:
    """A version of the task force's technical plan; from the second on it says why."""
    return _act(services.present_plan, ask, number, **ask.given)


def review_plan(ask: Ask, number: int) -> EscalationShape:
    """An expert accepts the newest version of the technical plan, or says what to change."""
    return _act(services.review_plan, ask, number, **ask.given)


def request_analysis(ask: Ask, number: int) -> EscalationShape:
    """Ask for a root cause analysis; it is due in five days unless another time is given."""
    return _act(services.request_analysis, ask, number, **ask.given)


def write_analysis(ask: Ask, number: int) -> EscalationShape:
    """Save what is known so far of the internal analysis."""
    lines = [{"owner": "", "due_at": None, **line} for line in ask.given.get("actions", [])]
    more = {"actions": lines} if "actions" in ask.given else {}
    return _act(services.write_analysis, ask, number, **{**ask.given, **more})


def submit_analysis(ask: Ask, number: int) -> EscalationShape:
    """The problem coordinator stands by the internal analysis."""
    return _act(services.submit_analysis, ask, number)


def prevent(ask: Ask, number: int) -> shapes.TasksShape:
    """Make tasks of the analysis's actions that have none, on its problem record, which is opened where there is none.

    Each is its owner's and due when the action is; an action is done when its task is.
    """
    made = services.prevent(user=ask.user, number=number, now=ask.now)
    problem = made[0].links_out.get(relation=Relation.FOLLOWS).target_id
    return {"problem": problem, "tasks": [task.number for task in made]}


def finish_action(ask: Ask, number: int) -> EscalationShape:
    """Tick an action of the analysis, or take the tick back."""
    return _act(services.finish_action, ask, number, action_id=ask.given["action"], done=ask.given["done"])


def compose_analysis(ask: Ask, number: int) -> EscalationShape:
    """The document for one affected customer; without a text it is drafted."""
    access = access_escalation(ask.user, number)
    line = customers_of(access).filter(person__email__iexact=ask.given["customer"]).first()
    if line is None:
        raise InvalidInput.of("customer", _("Only an affected customer is given an analysis."))
    return _act(services.compose_analysis, ask, number, person=line.person_id, body=ask.given.get("body", ""))


def check_analysis(ask: Ask, number: int) -> EscalationShape:
    """A second person has read the document; refused with the words that are internal."""
    return _act(services.check_analysis, ask, number, **ask.given)


def send_analysis(ask: Ask, number: int) -> EscalationShape:
    """The engagement executive sends the document, once."""
    return _act(services.send_analysis, ask, number, **ask.given)


def praise(ask: Ask, number: int) -> EscalationShape:
    """Thank a colleague for how it was resolved."""
    return _act(services.praise, ask, number, **ask.given)


def _act(service: Callable[..., Escalation], ask: Ask, number: int, **more: Any) -> EscalationShape:
    return shown(service(user=ask.user, number=number, now=ask.now, **more), ask)


def _read(act: Callable[..., Any], shape: Any) -> Call:
    return Call(act, Role.AGENT, shape, sees=Role.AGENT, guard=access_escalation)


def _verb(act: Callable[..., EscalationShape], body: type[Input] = Input) -> type[Endpoint]:
    return endpoint(POST=on_one(act, body))


_related = Call(
    resolve_related, Role.AGENT, shapes.RelatedList, body=given.RelatedInput, sees=Role.AGENT, guard=access_escalation
)
places = {
    "plan/versions": endpoint(GET=_read(list_plan_versions, shapes.PlanVersionList)),
    "duties": endpoint(
        GET=_read(show_duties, shapes.DutiesShape), POST=on_one(name_responsible, given.ResponsibleInput)
    ),
    "task-force": endpoint(
        GET=_read(show_task_force, shapes.TaskForceShape), POST=on_one(form_task_force, given.TaskForceInput)
    ),
    "related": endpoint(GET=_read(list_related, shapes.RelatedList), POST=_related),
    "analysis": endpoint(
        GET=_read(show_analysis, shapes.AnalysisShape), POST=on_one(write_analysis, given.AnalysisInput)
    ),
}
verbs = {
    "verify": _verb(verify, given.VerifyInput),
    "announce": _verb(announce, given.AnnounceInput),
    "technical-plan": _verb(present_plan, given.TechnicalPlanInput),
    "review-plan": _verb(review_plan, given.ReviewInput),
    "request-analysis": _verb(request_analysis, given.RequestAnalysisInput),
    "submit-analysis": _verb(submit_analysis),
    "finish-action": _verb(finish_action, given.FinishActionInput),
    "prevent": endpoint(
        POST=Call(
            prevent, Role.AGENT, shapes.TasksShape, status=HTTPStatus.CREATED, sees=Role.AGENT, guard=access_escalation
        )
    ),
    "compose-analysis": _verb(compose_analysis, given.ComposeInput),
    "check-analysis": _verb(check_analysis, given.DocumentInput),
    "send-analysis": _verb(send_analysis, given.DocumentInput),
    "kudos": _verb(praise, given.KudosInput),
}
