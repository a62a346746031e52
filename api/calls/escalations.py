"""The calls about escalations: one verb each, through the services that the pages call too."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from api.ask import Ask
from api.endpoint import Call, Endpoint, endpoint
from api.fields import Input
from api.inputs.escalations import (
    AccessInput,
    ApproveInput,
    CauseInput,
    CommunicateInput,
    EndInput,
    FinishTaskInput,
    GateInput,
    ListParameters,
    NothingInput,
    PassOnInput,
    PlanInput,
    ReasonInput,
)
from api.inputs.tickets import DetailsInput, EscalateInput
from api.pagination import page
from api.shapes.escalations import EscalationPage, EscalationShape, RaisedShape, asked_shape, escalation_shape, with_all
from escalation import services
from escalation.enums import ByHand, Decision
from escalation.functional.hand_offs import Evidence
from escalation.models import Escalation
from escalation.permissions import access_escalation, access_to_withdraw
from escalation.wording import Text
from people.enums import Role
from people.models import Organisation, User

FILTERS = ("ticket", "state", "kind", "severity")


def escalate(ask: Ask, number: int) -> RaisedShape:
    """Escalate a ticket: to a team with the skill, to a manager, or both; a customer his own, to a manager.

    Of both the hand-over is answered, and in `also` the request for a decision, each with a life of its own.
    """
    given = {**ask.given, "team_slug": ask.given.get("team", "")}
    given.pop("team", None)
    given["evidence"] = Evidence(given.pop("messages", ()), given.pop("attachments", ()))
    made = services.escalate(user=ask.user, ticket_number=number, now=ask.now, **given)
    beside = services.asked_beside(made) if ask.given["kind"] == ByHand.BOTH else None
    return {**shown(made, ask), "also": shown(beside, ask) if beside is not None else None}


def list_escalations(ask: Ask) -> EscalationPage:
    """The escalations of the tickets that the caller may see, the newest first. Customers see none."""
    wanted = {name: ask.parameters[name] for name in FILTERS if name in ask.parameters}
    found = Escalation.objects.visible_to(ask.user).filter(**wanted)
    if slug := ask.parameters.get("organisation"):
        found = found.of_organisation(Organisation.objects.filter(slug=slug).values_list("pk", flat=True).first() or 0)
    if address := ask.parameters.get("customer"):
        found = found.of_person(User.objects.at_address(address).values_list("pk", flat=True).first() or 0)
    results, next_ = page(with_all(found), ask, lambda escalation: escalation_shape(escalation, ask.user))
    return {"results": list(results), "next": next_}


def show_escalation(ask: Ask, number: int) -> EscalationShape:
    """One escalation with its ladder, its open conditions, its plan and what was communicated."""
    return shown(access_escalation(ask.user, number), ask)


def describe(ask: Ask, number: int) -> EscalationShape:
    """Say what it harms, and set or, with null, clear the desk's own fields of it."""
    return _act(services.describe, ask, number, **ask.given)


def approve(ask: Ask, number: int) -> EscalationShape:
    """An authority agrees, grants an exception, or grants people and hours; never to his own request."""
    return _act(services.decide, ask, number, **ask.given)


def decline(ask: Ask, number: int) -> EscalationShape:
    """An authority refuses, with a reason, and with the cause where it is known."""
    given = {"note" if name == "reason" else name: value for name, value in ask.given.items()}
    return _act(services.decide, ask, number, decision=Decision.DECLINE, **given)


def pass_on(ask: Ask, number: int) -> EscalationShape:
    """Another authority is asked instead: the one named, or the next up the chain."""
    return _act(services.pass_on, ask, number, **ask.given)


def withdraw(ask: Ask, number: int) -> EscalationShape:
    """Whoever asked, or a manager, takes it back; of a restricted team's he gets only what he has said himself."""
    ended = services.withdraw(user=ask.user, number=number, now=ask.now, **ask.given)
    sees = Escalation.objects.visible_to(ask.user).filter(number=number).exists()
    return shown(ended, ask) if sees else asked_shape(ended)


def return_(ask: Ask, number: int) -> EscalationShape:
    """The receiving team gives it back to where it came from."""
    return _act(services.return_to_sender, ask, number, **ask.given)


def acknowledge(ask: Ask, number: int) -> EscalationShape:
    """Somebody takes it on; the ladder stops."""
    return _act(services.acknowledge, ask, number)


def begin_communication(ask: Ask, number: int) -> EscalationShape:
    """From step 1 to step 2; 409 while a condition is open."""
    return _pass_gate(services.begin_communication, ask, number)


def communicate(ask: Ask, number: int) -> EscalationShape:
    """One update to one audience, and when the next one comes."""
    given = dict(ask.given)
    texts = {one["language"]: Text(one.get("subject", ""), one["body"]) for one in given.pop("texts", [])}
    return _act(services.communicate, ask, number, texts=texts, **given)


def plan(ask: Ask, number: int) -> EscalationShape:
    """A new version of the action plan; it replaces the one before, and from the second on says why."""
    tasks = [{"owner": "", "due_at": None, **task} for task in ask.given["tasks"]]
    return _act(services.plan, ask, number, **{**ask.given, "tasks": tasks})


def create_plan(ask: Ask, number: int) -> EscalationShape:
    """The first action plan, from the templates for its severity, services and reason; 409 where there is one."""
    return _act(services.create_plan, ask, number)


def finish_task(ask: Ask, number: int) -> EscalationShape:
    """Tick a task of the plan, or take the tick back."""
    return _act(services.finish_task, ask, number, task_id=ask.given["task"], done=ask.given["done"])


def begin_resolution(ask: Ask, number: int) -> EscalationShape:
    """From step 2 to step 3; 409 while a condition is open."""
    return _pass_gate(services.begin_resolution, ask, number)


def resolve(ask: Ask, number: int) -> EscalationShape:
    """A manager declares it resolved; 409 while a condition is open."""
    return _pass_gate(services.resolve, ask, number)


def confirm_access(ask: Ask, number: int) -> EscalationShape:
    """Affected customers can work again, or nobody waits for it and `waived` says why."""
    given = {**ask.given, "emails": ask.given.get("people", ())}
    given.pop("people", None)
    given.pop("reason", None)
    return _act(services.confirm_access, ask, number, **{**given, "note": _note(ask)})


def choose_cause(ask: Ask, number: int) -> EscalationShape:
    """What was at the root."""
    return _act(services.choose_cause, ask, number, **ask.given)


def reopen_escalation(ask: Ask, number: int) -> EscalationShape:
    """It was not resolved after all: back to step 3."""
    return _act(services.reopen, ask, number, **ask.given)


def close_escalation(ask: Ask, number: int) -> EscalationShape:
    """The end of step 4; 409 while a condition is open."""
    return _pass_gate(services.close, ask, number)


def deescalate(ask: Ask, number: int) -> EscalationShape:
    """A manager finds that it needs no escalation any more, and says why."""
    return _act(services.deescalate, ask, number, **ask.given)


def _act(service: Any, ask: Ask, number: int, **given: Any) -> EscalationShape:
    return shown(service(user=ask.user, number=number, now=ask.now, **given), ask)


def _pass_gate(service: Any, ask: Ask, number: int) -> EscalationShape:
    return _act(service, ask, number, override_reason=ask.given.get("override_reason", ""))


def _note(ask: Ask) -> str:
    return str(ask.given.get("note") or ask.given.get("reason", ""))


def shown(escalation: Escalation, ask: Ask) -> EscalationShape:
    # By number alone: handing a ticket to a restricted team takes it from the sender's sight.
    fresh = with_all(Escalation.objects.filter(number=escalation.number)).get()
    return escalation_shape(fresh, ask.user)


def _verb(act: Callable[..., EscalationShape], body: type[Input]) -> type[Endpoint]:
    return endpoint(POST=on_one(act, body))


def on_one(
    act: Callable[..., EscalationShape],
    body: type[Input] = Input,
    guard: Callable[..., object] = access_escalation,
) -> Call:
    """Customers are told that there is no such thing; who among the staff may do what, the services know."""
    return Call(act, Role.AGENT, EscalationShape, body=body, sees=Role.AGENT, guard=guard)


escalate_ticket = endpoint(
    POST=Call(escalate, Role.CUSTOMER, RaisedShape, status=HTTPStatus.CREATED, body=EscalateInput)
)
escalations = endpoint(GET=Call(list_escalations, Role.CUSTOMER, EscalationPage, parameters=ListParameters))
escalation = endpoint(GET=on_one(show_escalation), PATCH=on_one(describe, DetailsInput))
verbs = {
    "approve": _verb(approve, ApproveInput),
    "decline": _verb(decline, EndInput),
    "pass-on": _verb(pass_on, PassOnInput),
    "withdraw": endpoint(POST=on_one(withdraw, EndInput, access_to_withdraw)),
    "return": _verb(return_, EndInput),
    "acknowledge": _verb(acknowledge, NothingInput),
    "begin-communication": _verb(begin_communication, GateInput),
    "communicate": _verb(communicate, CommunicateInput),
    "plan": _verb(plan, PlanInput),
    "create-plan": _verb(create_plan, NothingInput),
    "finish-task": _verb(finish_task, FinishTaskInput),
    "begin-resolution": _verb(begin_resolution, GateInput),
    "resolve": _verb(resolve, GateInput),
    "confirm-access": _verb(confirm_access, AccessInput),
    "choose-cause": _verb(choose_cause, CauseInput),
    "reopen": _verb(reopen_escalation, ReasonInput),
    "close": _verb(close_escalation, GateInput),
    "deescalate": _verb(deescalate, EndInput),
}
