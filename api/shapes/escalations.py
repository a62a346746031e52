"""Escalations as the API shows them; customers never get one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, TypedDict

from django.db.models import Prefetch

from api.ask import instant, moment
from api.shapes.articles import GuideShape, guide_shape
from api.shapes.basic import Condition, Day, Moment, Person, Url
from api.shapes.causes import CauseShape, cause_shape
from api.shapes.hand_offs import NAMES as HAND_OFF_NAMES
from api.shapes.hand_offs import HandOffShape, hand_off_shape
from escalation.deadlines.promises import counted
from escalation.enums import (
    AskedAs,
    AskEnd,
    Audience,
    Decision,
    Kind,
    Origin,
    Purpose,
    Reach,
    Reason,
    RungState,
    Stage,
    State,
    Trend,
)
from escalation.models import Approval, Ask, Communication, Escalation, PlanTask, Rung
from escalation.parties.customers import with_how_many_not_told
from escalation.parties.linked import with_whether_related
from escalation.procedures.conditions import checklist, current_plan
from escalation.querysets import EscalationQuerySet
from people.models import Team, User


class RungShape(TypedDict):
    """A level of the ladder as frozen onto this escalation, in one round of it: it starts again when a promise is
    missed after an acknowledgement. `at` is when it was or will be its turn.
    """

    round: int
    level: int
    who: str
    at: Moment | None
    sent_at: Moment | None
    state: Annotated[str, RungState]
    by_mail: bool
    repeat_minutes: int | None
    repeat_times: int
    repeated: int
    repeats_at: Moment | None


class TaskShape(TypedDict):
    id: int
    title: str
    owner: str | None
    due_at: Moment | None
    done_at: Moment | None


class CommunicationShape(TypedDict):
    audience: Annotated[str, Audience]
    purpose: Annotated[str, Purpose]
    subject: str
    body: str
    next_update_by: Moment | None
    trend: Annotated[str, Trend] | None
    is_last: bool
    recipients: int
    sent: int
    waiting: int
    unreachable: int
    by: str | None
    at: Moment


class PromisesShape(TypedDict):
    """How many updates were promised for a time, and what became of it."""

    kept: int
    broken: int
    running: int


class ApprovalShape(TypedDict):
    decision: Annotated[str, Decision]
    note: str
    amount: str
    valid_until: Day | None
    resources: str
    by: str
    at: Moment


class AffectedCount(TypedDict):
    """How many customers it harms, and for how many it is open whether they can work again."""

    customers: int
    access_open: int


class AskShape(TypedDict):
    """One who was asked to decide; `end` is null while the answer is awaited."""

    person: str
    asked_as: Annotated[str, AskedAs]
    asked_at: Moment
    due_at: Moment
    ended_at: Moment | None
    end: Annotated[str, AskEnd] | None
    note: str


class AskedShape(TypedDict):
    """What whoever raised it has said."""

    number: int
    kind: Annotated[str, Kind]
    origin: Annotated[str, Origin]
    state: Annotated[str, State]
    stage: Annotated[str, Stage] | None
    severity: int
    ticket: int
    reason: Annotated[str, Reason]
    summary: str
    tried: str
    wanted_by: Moment | None
    amount: str | None
    currency: str | None
    requester: Person | None
    opened_at: Moment


class InsideShape(TypedDict):
    """What the desk knows of it."""

    cause: CauseShape
    team: str | None
    hand_off: HandOffShape | None
    decider: str | None
    manager: str | None
    approval: ApprovalShape | None
    asks: list[AskShape]
    ladder: list[RungShape]
    acknowledged_at: Moment | None
    acknowledged_by: str | None
    conditions: list[Condition]
    guide: GuideShape | None
    plan: list[TaskShape]
    communications: list[CommunicationShape]
    promises: PromisesShape
    trend: Annotated[str, Trend] | None
    next_update_by: Moment | None
    root_cause: str | None
    affected: AffectedCount
    services: list[str]
    impact: str
    fields: dict[str, str]
    initiated_at: Moment | None
    resolved_at: Moment | None
    verified_at: Moment | None
    access_confirmed_at: Moment | None
    closed_at: Moment | None
    end_reason: str
    exception_reason: str


class EscalationShape(AskedShape, InsideShape):
    """`state` is where it stands; `stage` is which of the four steps that is, if any. People are given by address."""


class RaisedShape(EscalationShape):
    """With `kind: both` the hand-over, and in `also` the request for a decision of the same act, which is null else."""

    also: EscalationShape | None


class EscalationPage(TypedDict):
    results: list[EscalationShape]
    next: Url | None


def with_all(escalations: EscalationQuerySet) -> EscalationQuerySet:
    """With everything that `escalation_shape` reads, in a number of queries that does not depend on how many."""
    people = ["decider", "acknowledged_by", "verified_by", "access_confirmed_by", "approval__by"]
    people += [f"hand_off__{name}" for name in HAND_OFF_NAMES]
    parts = ["asks__person", "rungs", "plan_tasks__owner", "overrides__by", "deadlines"]
    parts += ["affected_services__service", "task_force__plans__reviews", "guide_ticks__by"]
    told = Prefetch("communications", Communication.objects.with_progress().select_related("by"))
    found = escalations.with_people().select_related(
        "breach", "crossing", "task_force", "analysis", "guide__article", *people
    )
    return with_how_many_not_told(with_whether_related(found)).prefetch_related(*parts, told)


def escalation_shape(escalation: Escalation, user: User) -> EscalationShape:
    """Of an escalation from `with_all`. The customer who asked for one gets back what he asked, and nothing else."""
    if not user.is_agent:
        return asked_shape(escalation)
    return {
        **_asked(escalation),
        "cause": cause_shape(escalation),
        "team": _slug(escalation.team),
        "hand_off": hand_off_shape(getattr(escalation, "hand_off", None)),
        "decider": _email(escalation.decider),
        "manager": _email(escalation.manager),
        "approval": _approval(getattr(escalation, "approval", None)),
        "asks": [_ask(ask) for ask in escalation.asks.all()],
        "ladder": ladder_shapes(list(escalation.rungs.all())),
        "acknowledged_at": moment(escalation.acknowledged_at),
        "acknowledged_by": _email(escalation.acknowledged_by),
        "conditions": condition_shapes(escalation),
        "guide": guide_shape(escalation),
        "plan": [_task(task) for task in current_plan(escalation)],
        "communications": [_communication(sent) for sent in escalation.communications.all()],
        "promises": _promises(escalation),
        "trend": escalation.trend or None,
        "next_update_by": moment(escalation.next_update_by),
        "root_cause": escalation.cause or None,
        "affected": {"customers": escalation.affected_count, "access_open": escalation.access_open},
        "services": [row.service.slug for row in escalation.affected_services.all()],
        "impact": escalation.impact,
        "fields": {key: str(value) for key, value in escalation.fields.items()},
        "initiated_at": moment(escalation.initiated_at),
        "resolved_at": moment(escalation.resolved_at),
        "verified_at": moment(escalation.verified_at),
        "access_confirmed_at": moment(escalation.access_confirmed_at),
        "closed_at": moment(escalation.closed_at),
        "end_reason": escalation.end_reason,
        "exception_reason": escalation.exception_reason,
    }


def asked_shape(escalation: Escalation) -> EscalationShape:
    """For whoever raised it and sees nothing of what became of it."""
    return {**_asked(escalation), **_NOTHING_INSIDE}


def _asked(escalation: Escalation) -> AskedShape:
    requester = escalation.requester
    return {
        "number": escalation.number,
        "kind": escalation.kind,
        "origin": escalation.origin,
        "state": escalation.state,
        "stage": escalation.stage,
        "severity": escalation.severity,
        "ticket": escalation.ticket_id,
        "reason": escalation.reason,
        "summary": escalation.summary,
        "tried": escalation.tried,
        "wanted_by": moment(escalation.wanted_by),
        "amount": str(escalation.amount) if escalation.amount is not None else None,
        "currency": escalation.currency or None,
        "requester": {"name": requester.name, "email": requester.email} if requester else None,
        "opened_at": instant(escalation.opened_at),
    }


_NOTHING_INSIDE: InsideShape = {
    "cause": {"breach": None, "threshold": None, "criterion": None},
    "team": None,
    "hand_off": None,
    "decider": None,
    "manager": None,
    "approval": None,
    "asks": [],
    "ladder": [],
    "acknowledged_at": None,
    "acknowledged_by": None,
    "conditions": [],
    "guide": None,
    "plan": [],
    "communications": [],
    "promises": {"kept": 0, "broken": 0, "running": 0},
    "trend": None,
    "next_update_by": None,
    "root_cause": None,
    "affected": {"customers": 0, "access_open": 0},
    "services": [],
    "impact": "",
    "fields": {},
    "initiated_at": None,
    "resolved_at": None,
    "verified_at": None,
    "access_confirmed_at": None,
    "closed_at": None,
    "end_reason": "",
    "exception_reason": "",
}


def condition_shapes(escalation: Escalation) -> list[Condition]:
    return [
        {"name": item.name, "sentence": item.sentence, "met": item.met, "by_role": item.by_role}
        for item in checklist(escalation)
    ]


def ladder_shapes(rungs: Sequence[Rung]) -> list[RungShape]:
    """In order of round and level. That of a level which waits for another counts from that one's (DESIGN §3.6)."""
    shapes: list[RungShape] = []
    before: datetime | None = None
    for rung in rungs:
        before = None if rung.level == 1 else before
        at = rung.sent_at or rung.next_moment
        if at is None and before is not None and rung.state == RungState.WAITING:
            at = before + rung.delay
        before = at or before
        shapes.append(
            {
                "round": rung.round,
                "level": rung.level,
                "who": rung.who or str(Reach(rung.reach).label),
                "at": moment(at),
                "sent_at": moment(rung.sent_at),
                "state": rung.state,
                "by_mail": rung.by_mail,
                "repeat_minutes": int(rung.repeat_every / timedelta(minutes=1)) if rung.repeat_every else None,
                "repeat_times": rung.repeat_times,
                "repeated": rung.repeated,
                "repeats_at": moment(rung.next_moment if rung.sent_at else None),
            }
        )
    return shapes


def _ask(ask: Ask) -> AskShape:
    return {
        "person": ask.person.email,
        "asked_as": ask.asked_as,
        "asked_at": instant(ask.asked_at),
        "due_at": instant(ask.due_at),
        "ended_at": moment(ask.ended_at),
        "end": ask.end or None,
        "note": ask.note,
    }


def _approval(approval: Approval | None) -> ApprovalShape | None:
    if approval is None:
        return None
    return {
        "decision": approval.decision,
        "note": approval.note,
        "amount": approval.amount,
        "valid_until": approval.valid_until.isoformat() if approval.valid_until else None,
        "resources": approval.resources,
        "by": approval.by.email,
        "at": instant(approval.at),
    }


def _task(task: PlanTask) -> TaskShape:
    return {
        "id": task.pk,
        "title": task.title,
        "owner": _email(task.owner),
        "due_at": moment(task.due_at),
        "done_at": moment(task.done_at),
    }


def _promises(escalation: Escalation) -> PromisesShape:
    found = counted(escalation.deadlines.all())
    return {"kept": found.kept, "broken": found.broken, "running": found.running}


def _communication(sent: Any) -> CommunicationShape:
    """Of one `with_progress`."""
    return {
        "audience": sent.audience,
        "purpose": sent.purpose,
        "subject": sent.subject,
        "body": sent.body,
        "next_update_by": moment(sent.next_update_by),
        "trend": sent.trend or None,
        "is_last": sent.is_last,
        "recipients": sent.recipients,
        "sent": sent.told,
        "waiting": sent.waiting,
        "unreachable": sent.nowhere,
        "by": _email(sent.by),
        "at": instant(sent.at),
    }


def _email(person: User | None) -> str | None:
    return person.email if person else None


def _slug(team: Team | None) -> str | None:
    return team.slug if team else None
