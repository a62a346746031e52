"""What belongs to the steps Resolve and Close, as the API shows it; customers never get any of it."""

from typing import Annotated, TypedDict

from api.ask import instant, moment
from api.shapes.basic import Moment
from escalation.models import Escalation, PlanTask
from escalation.plan_changes import Change, Sort, changes


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
