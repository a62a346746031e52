"""What belongs to the steps Resolve and Close, as the API shows it; customers never get any of it."""

from collections.abc import Iterable, Sequence
from typing import Annotated, TypedDict

from api.ask import instant, moment
from api.shapes.basic import Moment
from escalation.close.analyses import analysis_of
from escalation.close.related import Outcome
from escalation.enums import Duty, Verdict
from escalation.models import CustomerAnalysis, Escalation, PlanTask, TechnicalPlan, TrackedAction
from escalation.parties.forces import force_of
from escalation.resolve.plan_changes import Change, Sort, changes
from people.models import User
from tickets.models import Ticket


class PlanChangeShape(TypedDict):
    """`before` and `after` are titles, addresses or times, as `sort` says; null where there is none."""

    sort: Annotated[str, Sort]
    task: str
    before: str | None
    after: str | None


class PlanVersionShape(TypedDict):
    number: int
    reason: str
    by: str | None
    at: Moment
    tasks: int
    changes: list[PlanChangeShape]


class PlanVersionList(TypedDict):
    results: list[PlanVersionShape]


class ReviewShape(TypedDict):
    expert: str
    verdict: Annotated[str, Verdict]
    comment: str
    at: Moment


class TechnicalPlanShape(TypedDict):
    version: int
    body: str
    reason: str
    by: str | None
    at: Moment
    reviews: list[ReviewShape]


class MemberShape(TypedDict):
    email: str
    is_expert: bool
    freed_at: Moment | None


class TaskForceShape(TypedDict):
    """`formed_at` is null where none was formed."""

    formed_at: Moment | None
    suspended_at: Moment | None
    members: list[MemberShape]
    plans: list[TechnicalPlanShape]


class DutiesShape(TypedDict):
    """By address; null where nobody is named and the escalation manager may."""

    architect: str | None
    engagement_executive: str | None
    problem_coordinator: str | None


class RelatedShape(TypedDict):
    """`refused` says why a ticket is open still."""

    ticket: int
    subject: str
    refused: str


class RelatedList(TypedDict):
    results: list[RelatedShape]


class PreventionShape(TypedDict):
    id: int
    title: str
    owner: str | None
    due_at: Moment | None
    done_at: Moment | None
    for_customers: bool
    task: int | None


class TasksShape(TypedDict):
    """The problem record, and the tasks that were opened on it."""

    problem: int
    tasks: list[int]


class DocumentShape(TypedDict):
    id: int
    customer: str
    body: str
    composed_by: str | None
    checked_by: str | None
    checked_at: Moment | None
    sent_by: str | None
    sent_at: Moment | None
    read_at: Moment | None


class AnalysisShape(TypedDict):
    """`requested_at` is null where nobody has asked."""

    requested_by: str | None
    requested_at: Moment | None
    why: str
    due_at: Moment | None
    timeline: str
    whys: list[str]
    contributing: str
    findings: str
    for_customers: str
    problem: int | None
    actions: list[PreventionShape]
    submitted_by: str | None
    submitted_at: Moment | None
    documents: list[DocumentShape]


def duties(escalation: Escalation) -> DutiesShape:
    named = {one.role: one.person.email for one in escalation.responsibilities.select_related("person")}
    return {
        "architect": named.get(Duty.ARCHITECT),
        "engagement_executive": named.get(Duty.ENGAGEMENT),
        "problem_coordinator": named.get(Duty.COORDINATOR),
    }


def task_force(escalation: Escalation) -> TaskForceShape:
    force = force_of(escalation)
    if force is None:
        return {"formed_at": None, "suspended_at": None, "members": [], "plans": []}
    plans = force.plans.select_related("by").prefetch_related("reviews__expert")
    return {
        "formed_at": moment(force.formed_at),
        "suspended_at": moment(force.suspended_at),
        "members": [
            {"email": one.person.email, "is_expert": one.is_expert, "freed_at": moment(one.freed_at)}
            for one in force.members.select_related("person")
        ],
        "plans": [_technical_plan(plan) for plan in plans],
    }


def outcomes(found: Sequence[Outcome]) -> RelatedList:
    lines = [(one.ticket, one.refused) for one in found]
    return {"results": [_related(ticket, refused) for ticket, refused in lines]}


def related_tickets(found: Iterable[Ticket]) -> RelatedList:
    return {"results": [_related(ticket, "") for ticket in found]}


def analysis(escalation: Escalation) -> AnalysisShape:
    found = analysis_of(escalation)
    if found is None:
        return _NO_ANALYSIS
    documents = found.documents.select_related("person", "composed_by", "checked_by", "sent_by", "reading")
    return {
        "requested_by": _email(found.requested_by),
        "requested_at": moment(found.requested_at),
        "why": found.why_asked,
        "due_at": moment(found.due_at),
        "timeline": found.timeline,
        "whys": list(found.whys),
        "contributing": found.contributing,
        "findings": found.findings,
        "for_customers": found.for_customers,
        "problem": found.problem_id,
        "actions": [_action(action) for action in found.actions.select_related("owner")],
        "submitted_by": _email(found.submitted_by),
        "submitted_at": moment(found.submitted_at),
        "documents": [_document(document) for document in documents],
    }


_NO_ANALYSIS: AnalysisShape = {
    "requested_by": None,
    "requested_at": None,
    "why": "",
    "due_at": None,
    "timeline": "",
    "whys": [],
    "contributing": "",
    "findings": "",
    "for_customers": "",
    "problem": None,
    "actions": [],
    "submitted_by": None,
    "submitted_at": None,
    "documents": [],
}


def plan_versions(escalation: Escalation) -> PlanVersionList:
    """The newest first, each with what it changed from the one before."""
    tasks: dict[int, list[PlanTask]] = {}
    for task in escalation.plan_tasks.select_related("owner"):
        tasks.setdefault(task.plan_version, []).append(task)
    return {
        "results": [
            {
                "number": version.number,
                "reason": version.reason,
                "by": version.by.email if version.by else None,
                "at": instant(version.at),
                "tasks": len(tasks.get(version.number, [])),
                "changes": [
                    _change(change) for change in changes(tasks.get(version.number - 1, []), tasks[version.number])
                ],
            }
            for version in escalation.plan_versions.select_related("by")
        ]
    }


def _change(change: Change) -> PlanChangeShape:
    task = change.after or change.before
    return {
        "sort": change.sort,
        "task": task.title if task else "",
        "before": _told(change.sort, change.before),
        "after": _told(change.sort, change.after),
    }


def _told(sort: Sort, task: PlanTask | None) -> str | None:
    if task is None:
        return None
    if sort is Sort.OWNER:
        return task.owner.email if task.owner else None
    return moment(task.due_at) if sort is Sort.DUE else task.title


def _technical_plan(plan: TechnicalPlan) -> TechnicalPlanShape:
    return {
        "version": plan.version,
        "body": plan.body,
        "reason": plan.reason,
        "by": _email(plan.by),
        "at": instant(plan.at),
        "reviews": [
            {
                "expert": review.expert.email,
                "verdict": review.verdict,
                "comment": review.comment,
                "at": instant(review.at),
            }
            for review in plan.reviews.all()
        ],
    }


def _related(ticket: Ticket, refused: str) -> RelatedShape:
    return {"ticket": ticket.number, "subject": ticket.subject, "refused": refused}


def _action(action: TrackedAction) -> PreventionShape:
    return {
        "id": action.pk,
        "title": action.title,
        "owner": _email(action.owner),
        "due_at": moment(action.due_at),
        "done_at": moment(action.done_at),
        "for_customers": action.for_customers,
        "task": action.task_id,
    }


def _document(document: CustomerAnalysis) -> DocumentShape:
    reading = getattr(document, "reading", None)
    return {
        "id": document.pk,
        "customer": document.person.email,
        "body": document.body,
        "composed_by": _email(document.composed_by),
        "checked_by": _email(document.checked_by),
        "checked_at": moment(document.checked_at),
        "sent_by": _email(document.sent_by),
        "sent_at": moment(document.sent_at),
        "read_at": moment(reading.at) if reading else None,
    }


def _email(person: User | None) -> str | None:
    return person.email if person else None
