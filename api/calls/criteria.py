"""The calls about criteria, which administrators set up, and about what they propose (R9, R11)."""

from http import HTTPStatus
from typing import Annotated, Any, TypedDict

from api.ask import Ask, instant, moment
from api.calls.escalations import shown
from api.endpoint import Call, endpoint
from api.fields import AwareTime, Choice, Conditions, Input, LongText, NumberParameter, Text, WholeNumber, YesNo
from api.inputs.tickets import OwnFields, with_fields
from api.pagination import PageParameters, page
from api.shapes.basic import Moment, Url
from api.shapes.causes import FiredShape, fired_shape
from api.shapes.escalations import EscalationShape
from escalation import services
from escalation.automatic.defining import NAME_LIMIT
from escalation.enums import REASONS_OF_PEOPLE, CriterionMode, EscalateAs, ProposalEnd, Reason
from escalation.initiate.describing import IMPACT_LIMIT
from escalation.models import Criterion, Proposal
from escalation.models.criteria import KIND_LIMIT
from escalation.services import criteria as criteria
from people import permissions as people
from people.enums import Role


class CriterionShape(TypedDict):
    """`kind` is one of the five reasons, or a word of the desk's own."""

    id: int
    name: str
    kind: str
    conditions: dict[str, Any]
    severity: int
    reason: Annotated[str, Reason]
    escalate_as: Annotated[str, EscalateAs]
    team: str | None
    mode: Annotated[str, CriterionMode]
    order: int
    is_enabled: bool


class CriterionPage(TypedDict):
    results: list[CriterionShape]
    next: Url | None


class ProposalShape(TypedDict):
    """Of a criterion or a rule, by its key.

    `end` is null while it waits; `mode` “open” where the desk opens the escalation by itself.
    """

    id: int
    ticket: int
    criterion: int | None
    rule: int | None
    severity: int
    mode: Annotated[str, CriterionMode]
    fired: FiredShape
    at: Moment
    end: Annotated[str, ProposalEnd] | None
    ended_at: Moment | None
    by: str | None
    why: str


class ProposalPage(TypedDict):
    results: list[ProposalShape]
    next: Url | None


class CriterionInput(Input):
    name = Text(max_length=NAME_LIMIT)
    kind = Text(max_length=KIND_LIMIT)
    conditions = Conditions()
    severity = WholeNumber(required=False, min_value=1, max_value=4)
    reason = Choice(REASONS_OF_PEOPLE, required=False)
    escalate_as = Choice(EscalateAs.choices, required=False)
    team = Text(required=False, allow_blank=True, max_length=40)
    mode = Choice(CriterionMode.choices, required=False)
    order = WholeNumber(required=False, min_value=0, max_value=32_000)
    is_enabled = YesNo(required=False)


class CriterionChange(CriterionInput):
    name = Text(required=False, max_length=NAME_LIMIT)
    kind = Text(required=False, max_length=KIND_LIMIT)
    conditions = Conditions(required=False)


class ProposalParameters(PageParameters):
    ticket = NumberParameter(required=False, min_value=1)
    state = Choice([("open", "open"), ("all", "all")], default="open")


class AcceptInput(Input):
    """What is not given is as the criterion proposes it."""

    kind = Choice(EscalateAs.choices, required=False)
    severity = WholeNumber(required=False, min_value=1, max_value=4)
    reason = Choice(REASONS_OF_PEOPLE, required=False)
    summary = Text(required=False, max_length=300)
    tried = LongText(required=False, allow_blank=True)
    impact = Text(required=False, allow_blank=True, max_length=IMPACT_LIMIT)
    fields_ = OwnFields(required=False)
    wanted_by = AwareTime(required=False, allow_null=True)
    team = Text(required=False, allow_blank=True, max_length=40)
    amount = Text(required=False, allow_blank=True, max_length=30)
    currency = Text(required=False, allow_blank=True, max_length=3)

    def get_fields(self) -> dict[str, Any]:
        return with_fields(super().get_fields())


class DismissInput(Input):
    reason = LongText()


def list_criteria(ask: Ask) -> CriterionPage:
    """All criteria, switched on or off."""
    rows = Criterion.objects.select_related("team")
    results, next_ = page(rows, ask, criterion_shape, newest_first=False)
    return {"results": list(results), "next": next_}


def create_criterion(ask: Ask) -> CriterionShape:
    """A new one; it is asked of what happens from now on."""
    return criterion_shape(criteria.define_criterion(user=ask.user, **_given(ask)))


def show_criterion(ask: Ask, pk: int) -> CriterionShape:
    """One criterion."""
    return criterion_shape(criteria.access_criterion(ask.user, pk))


def change_criterion(ask: Ask, pk: int) -> CriterionShape:
    """Other terms; what is not given stays. Switching it off ends nothing that it opened."""
    return criterion_shape(criteria.redefine_criterion(user=ask.user, pk=pk, **_given(ask)))


def list_proposals(ask: Ask) -> ProposalPage:
    """What criteria propose on the tickets that the caller may see, the newest first; `state=all` has the past, too."""
    people.check_agent(ask.user)
    rows = Proposal.objects.visible_to(ask.user).with_all()
    if ask.parameters["state"] == "open":
        rows = rows.open()
    if "ticket" in ask.parameters:
        rows = rows.filter(ticket=ask.parameters["ticket"])
    results, next_ = page(rows, ask, proposal_shape)
    return {"results": list(results), "next": next_}


def accept_proposal(ask: Ask, pk: int) -> EscalationShape:
    """It becomes an escalation; 409 where somebody has decided on it already."""
    return shown(services.accept_proposal(user=ask.user, pk=pk, now=ask.now, **_given(ask)), ask)


def dismiss_proposal(ask: Ask, pk: int) -> ProposalShape:
    """Not this time, with a reason; the criterion says nothing of this ticket again."""
    return proposal_shape(criteria.dismiss(user=ask.user, pk=pk, reason=ask.given["reason"], now=ask.now))


def criterion_shape(criterion: Criterion) -> CriterionShape:
    return {
        "id": criterion.pk,
        "name": criterion.name,
        "kind": criterion.kind,
        "conditions": criterion.conditions,
        "severity": criterion.severity,
        "reason": criterion.reason,
        "escalate_as": criterion.escalate_as,
        "team": criterion.team.slug if criterion.team else None,
        "mode": criterion.mode,
        "order": criterion.order,
        "is_enabled": criterion.is_enabled,
    }


def proposal_shape(proposal: Proposal) -> ProposalShape:
    return {
        "id": proposal.pk,
        "ticket": proposal.ticket_id,
        "criterion": proposal.criterion_id,
        "rule": proposal.rule_key,
        "severity": proposal.severity,
        "mode": proposal.mode,
        "fired": fired_shape(proposal),
        "at": instant(proposal.at),
        "end": proposal.end or None,
        "ended_at": moment(proposal.ended_at),
        "by": proposal.by.email if proposal.by else None,
        "why": proposal.why,
    }


def _given(ask: Ask) -> dict[str, Any]:
    """The team by the name that services know it by."""
    given = dict(ask.given)
    if "team" in given:
        given["team_slug"] = given.pop("team")
    return given


_OF_ADMINS: dict[str, Any] = {"callers": Role.STEWARD, "answer": CriterionShape, "sees": Role.STEWARD}
criteria_list = endpoint(
    GET=Call(list_criteria, Role.STEWARD, CriterionPage, parameters=PageParameters),
    POST=Call(create_criterion, Role.STEWARD, CriterionShape, status=HTTPStatus.CREATED, body=CriterionInput),
)
criterion = endpoint(
    GET=Call(show_criterion, **_OF_ADMINS), PATCH=Call(change_criterion, body=CriterionChange, **_OF_ADMINS)
)
proposals = endpoint(GET=Call(list_proposals, Role.AGENT, ProposalPage, parameters=ProposalParameters))
accepting = endpoint(
    POST=Call(
        accept_proposal,
        Role.AGENT,
        EscalationShape,
        status=HTTPStatus.CREATED,
        body=AcceptInput,
        sees=Role.AGENT,
        guard=criteria.access_proposal,
    )
)
dismissing = endpoint(
    POST=Call(
        dismiss_proposal, Role.AGENT, ProposalShape, body=DismissInput, sees=Role.AGENT, guard=criteria.access_proposal
    )
)
