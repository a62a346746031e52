"""The action plan: who does what by when (R41)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.text import one_line
from escalation.actions import lock_escalation
from escalation.communicating import check_live
from escalation.conditions import current_plan
from escalation.models import Escalation, PlanTask
from escalation.recording import record_step
from people.models import User

LONGEST_PLAN = 100


@transaction.atomic
def plan(*, number: int, by: User, tasks: Sequence[Mapping[str, Any]], now: datetime) -> Escalation:
    """A new version of the action plan; tasks done under the same title stay done."""
    drafts = [_draft(task) for task in tasks]
    if not drafts:
        raise InvalidInput.of("tasks", _("A plan has at least one task."))
    if len(drafts) > LONGEST_PLAN:
        raise InvalidInput.of("tasks", _("A plan has at most %(count)d tasks.") % {"count": LONGEST_PLAN})
    escalation = lock_escalation(number)
    check_live(escalation)
    before = current_plan(escalation)
    done = {task.title: task.done_at for task in before if task.done_at}
    version = before[0].plan_version + 1 if before else 1
    for position, draft in enumerate(drafts):
        draft.escalation = escalation
        draft.plan_version = version
        draft.position = position
        draft.done_at = done.get(draft.title)
    PlanTask.objects.bulk_create(drafts)
    record_step(escalation, "planned", by=by, now=now, version=version, tasks=len(drafts))
    return escalation


@transaction.atomic
def finish_task(*, number: int, by: User, task_id: int, done: bool, now: datetime) -> Escalation:
    """Tick a task of the current plan, or take the tick back."""
    escalation = lock_escalation(number)
    check_live(escalation)
    task = next((task for task in current_plan(escalation) if task.pk == task_id), None)
    if task is None:
        raise InvalidInput.of("task_id", _("The current plan has no such task."))
    task.done_at = now if done else None
    task.save(update_fields=["done_at"])
    if done:
        record_step(escalation, "task_done", by=by, now=now, title=task.title)
    return escalation


def _draft(task: Mapping[str, Any]) -> PlanTask:
    if not isinstance(task, Mapping):
        raise InvalidInput.of("tasks", _("A task is an object with title, owner and due_at."))
    return PlanTask(
        title=one_line(str(task.get("title") or ""), field="tasks"),
        owner=_owner(str(task.get("owner") or "")),
        due_at=task.get("due_at"),
    )


def _owner(email: str) -> User | None:
    if not email:
        return None
    owner = User.objects.active().staff().at_address(email).first()
    if owner is None:
        raise InvalidInput.of("tasks", _("Nobody at the desk has the address “%(email)s”.") % {"email": email[:80]})
    return owner
