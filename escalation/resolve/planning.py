"""The action plan: made from what is known of the escalation, revised by version, ticked (R41, R44)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow
from common.text import one_line
from escalation.actions import check_live, lock_escalation
from escalation.models import Escalation, PlanTask, PlanVersion
from escalation.procedures.conditions import current_plan
from escalation.procedures.plan_templates import drafts_for
from escalation.recording import record_step
from people.models import User

LONGEST_PLAN = 100
REASON_LIMIT = 500


@transaction.atomic
def plan(
    *,
    number: int,
    by: User,
    tasks: Sequence[Mapping[str, Any]],
    now: datetime,
    reason: str = "",
    based_on: int | None = None,
) -> Escalation:
    """A new version of the action plan; tasks done under the same title stay done.

    From the second version on it says why (R44). `based_on` is the version that the writer had before him: where
    somebody has made another one meanwhile, NotAllowedNow names it and nothing is stored.
    """
    drafts = [_draft(task) for task in tasks]
    _check_length(drafts)
    escalation = lock_escalation(number)
    check_live(escalation)
    newest = escalation.plan_versions.select_related("by").first()
    if newest is not None:
        _check_based_on(newest, based_on)
        reason = _why(reason)
    return _store(escalation, drafts, newest.number + 1 if newest else 1, reason.strip(), by, now)


@transaction.atomic
def create_plan(*, number: int, by: User, now: datetime) -> Escalation:
    """The first version, from the templates for its severity, services and reason (R41)."""
    escalation = lock_escalation(number)
    check_live(escalation)
    if escalation.plan_versions.exists():
        raise NotAllowedNow(_("%(ref)s has a plan already: change that one.") % {"ref": escalation.reference})
    drafts = drafts_for(escalation, now)
    if not drafts:
        raise NotAllowedNow(_("No template fits %(ref)s: write the plan by hand.") % {"ref": escalation.reference})
    return _store(escalation, drafts[:LONGEST_PLAN], 1, "", by, now)


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


def _store(
    escalation: Escalation, drafts: Sequence[PlanTask], version: int, reason: str, by: User, now: datetime
) -> Escalation:
    done = {task.title: task.done_at for task in current_plan(escalation) if task.done_at}
    for position, draft in enumerate(drafts):
        draft.escalation = escalation
        draft.plan_version = version
        draft.position = position
        draft.done_at = done.get(draft.title)
    PlanVersion.objects.create(escalation=escalation, number=version, reason=reason, by=by, at=now)
    PlanTask.objects.bulk_create(drafts)
    record_step(escalation, "planned", by=by, now=now, version=version, tasks=len(drafts), reason=reason)
    return escalation


def _check_length(drafts: Sequence[PlanTask]) -> None:
    if not drafts:
        raise InvalidInput.of("tasks", _("A plan has at least one task."))
    if len(drafts) > LONGEST_PLAN:
        raise InvalidInput.of("tasks", _("A plan has at most %(count)d tasks.") % {"count": LONGEST_PLAN})


def _check_based_on(newest: PlanVersion, based_on: int | None) -> None:
    if based_on is not None and based_on != newest.number:
        raise NotAllowedNow(
            _("%(name)s has made version %(number)d meanwhile. Yours is kept here: look at it and save again.")
            % {"name": newest.by or _("Somebody"), "number": newest.number}
        )


def _why(reason: str) -> str:
    if not reason.strip():
        raise InvalidInput.of("reason", _("Say why the plan changes; it stays with this version."))
    return one_line(reason, field="reason", limit=REASON_LIMIT)


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
