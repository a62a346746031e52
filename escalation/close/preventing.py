"""What was decided so that it does not come again, as tasks that hang on the problem record (R51)."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import NotAllowedNow
from escalation.actions import lock_escalation
from escalation.alerting import alerts
from escalation.deadlines.reviews import set_done
from escalation.enums import LearnedIn
from escalation.models import Analysis, Escalation, TrackedAction
from escalation.recording import record_step
from notifications.actions import notify
from people.models import User
from tickets import actions as tickets
from tickets import linking
from tickets.enums import EventKind, Kind, Relation
from tickets.models import Event, Ticket


def to_prevent(escalation: Escalation) -> list[TrackedAction]:
    """Decided, not done, and no task yet."""
    found = escalation.actions.filter(learned_in=LearnedIn.ANALYSIS, task=None, done_at=None)
    return list(found.select_related("owner"))


@transaction.atomic
def open_tasks(*, number: int, by: User, problem: Ticket, now: datetime) -> list[Ticket]:
    """A task for each action without one: its owner's, due when it was said, following the problem. Each is told."""
    escalation = lock_escalation(number)
    actions = to_prevent(escalation)
    if not actions:
        raise NotAllowedNow(_("Every action of the analysis is done or has its task."))
    made = [_open(escalation, action, problem, by, now) for action in actions]
    Analysis.objects.filter(escalation=escalation, problem=None).update(problem=problem)
    numbers = ", ".join(f"#{task.number}" for task in made)
    record_step(escalation, "tasks_opened", by=by, now=now, count=len(made), numbers=numbers[:300])
    return made


def _open(escalation: Escalation, action: TrackedAction, problem: Ticket, by: User, now: datetime) -> Ticket:
    body = _("So that it does not come again: from the analysis of %(ref)s, %(summary)s")
    task = tickets.open_ticket(
        subject=action.title,
        body=body % {"ref": escalation.reference, "summary": escalation.summary},
        requester=by,
        now=now,
        kind=Kind.TASK,
        team=problem.team,
        opened_by=by,
        due_at=action.due_at,
    )
    linking.link(source=task, target=problem, relation=Relation.FOLLOWS, now=now, by=by)
    if action.owner is not None and action.owner.is_active:
        task = tickets.assign(ticket=task, now=now, by=by, team=problem.team, assignee=action.owner)
        notify(
            recipients=[action.owner] if action.owner != by else [],
            compose=partial(alerts.to_prevent, escalation, task),
            dedupe=f"ticket:{task.number}:to-prevent",
            now=now,
        )
    action.task = task
    action.save(update_fields=["task"])
    return task


def follow_tasks(*, ticket: Ticket, events: Sequence[Event], now: datetime) -> None:
    """An action is done when its task is, and open again with it; under the ticket's lock."""
    if ticket.kind != Kind.TASK or not any(event.kind == EventKind.STATUS for event in events):
        return
    action = TrackedAction.objects.select_for_update(of=("self",)).filter(task=ticket).first()
    if action is not None and (action.done_at is not None) != ticket.is_done:
        set_done(action, done=ticket.is_done, now=now)
