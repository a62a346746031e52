"""The calls about an escalation's record: the catalogue of services, and the problem behind it."""

from typing import Any, TypedDict

from api.ask import Ask
from api.calls.escalations import shown
from api.endpoint import Call, endpoint
from api.fields import Email, Input, ListOf, LongText, Parameters, Text
from api.shapes.basic import Url
from api.shapes.escalations import EscalationShape
from escalation.close import causes
from escalation.initiate.problem_records import open_problem
from escalation.initiate.servicing import set_services
from escalation.permissions import access_escalation
from people import permissions as people
from people.enums import Role
from tickets.models import Service


class ServiceShape(TypedDict):
    slug: str
    name: str
    description: str
    team: str | None


class ServiceList(TypedDict):
    results: list[ServiceShape]
    next: Url | None


class ProblemOpened(TypedDict):
    """The ticket of type “problem”; its escalation's ticket is caused by it."""

    number: int


class CauseLine(TypedDict):
    key: str
    name: str


class CauseList(TypedDict):
    results: list[CauseLine]
    next: Url | None


class ServicesInput(Input):
    services = ListOf(child=Text(max_length=60), max_length=100)


class ProblemInput(Input):
    subject = Text(max_length=200)
    owner = Email(required=False, allow_blank=True)
    findings = LongText(required=False, allow_blank=True)


def list_services(ask: Ask) -> ServiceList:
    """The catalogue: the services in use, by name."""
    people.check_agent(ask.user)
    rows = Service.objects.filter(is_active=True).select_related("team")
    results: list[ServiceShape] = [
        {
            "slug": row.slug,
            "name": row.name,
            "description": row.description,
            "team": row.team.slug if row.team else None,
        }
        for row in rows
    ]
    return {"results": results, "next": None}


def list_causes(ask: Ask) -> CauseList:
    """What can be at the root of an escalation: every desk's causes, then this one's own."""
    people.check_agent(ask.user)
    return {"results": [{"key": key, "name": name} for key, name in causes.choices()], "next": None}


def choose_services(ask: Ask, number: int) -> EscalationShape:
    """Exactly these services; every linked ticket has them too."""
    return shown(set_services(user=ask.user, number=number, now=ask.now, **ask.given), ask)


def begin_problem(ask: Ask, number: int) -> ProblemOpened:
    """Open a problem record for what is behind it, with an owner and what is known."""
    return {"number": open_problem(user=ask.user, number=number, now=ask.now, **ask.given).number}


def _call(act: Any, answer: Any, body: type[Input], **more: Any) -> Call:
    return Call(act, Role.AGENT, answer, body=body, sees=Role.AGENT, guard=access_escalation, **more)


cause_list = endpoint(GET=Call(list_causes, Role.AGENT, CauseList, parameters=Parameters))
services = endpoint(GET=Call(list_services, Role.AGENT, ServiceList, parameters=Parameters))
verbs = {
    "set-services": endpoint(POST=_call(choose_services, EscalationShape, ServicesInput)),
    "open-problem": endpoint(POST=_call(begin_problem, ProblemOpened, ProblemInput, status=201)),
}
