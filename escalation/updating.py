"""Communicating and planning: what keeps an escalation alive between its steps (R35, R36, R41)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow
from common.text import many_lines, one_line
from escalation import alerts
from escalation.actions import lock_escalation, meet_deadlines
from escalation.arming import deadline
from escalation.conditions import current_plan
from escalation.enums import LIVE_STATES, Audience, DeadlineKind, State
from escalation.models import Communication, Escalation, PlanTask
from escalation.recording import record_step
from notifications.actions import notify
from people.chain import managers_of, present
from people.models import User
from tickets import actions as tickets
from tickets.enums import EventKind
from tickets.models import Event, Ticket
from tickets.promises import FIELD as PROMISE

LONGEST_PLAN = 100


@transaction.atomic
def communicate(
    *, number: int, by: User, audience: str, body: str, now: datetime, next_update_by: datetime | None = None
) -> Escalation:
    """One update to one audience. A promise of the next one is a deadline of its own; this one keeps the last.

    To customers it goes as a public reply on the ticket; to stakeholders as alert and mail.
    """
    if audience not in Audience.values:
        raise InvalidInput.of("audience", _("An audience is one of %(known)s.") % {"known": ", ".join(Audience.values)})
    body = many_lines(body, field="body", limit=20_000)
    if next_update_by is not None and next_update_by <= now:
        raise InvalidInput.of("next_update_by", _("The next update lies in the past."))
    escalation = lock_escalation(number)
    _check_live(escalation)
    communication = Communication.objects.create(
        escalation=escalation, audience=audience, body=body, next_update_by=next_update_by, by=by, at=now
    )
    communication.recipients = _SENDERS[audience](communication, by, now)
    communication.save(update_fields=["recipients"])
    _keep_promises(escalation, next_update_by, now)
    record_step(escalation, "communicated", by=by, now=now, audience=audience, recipients=communication.recipients)
    return escalation


@transaction.atomic
def plan(*, number: int, by: User, tasks: Sequence[Mapping[str, Any]], now: datetime) -> Escalation:
    """A new version of the action plan; tasks done under the same title stay done."""
    drafts = [_draft(task) for task in tasks]
    if not drafts:
        raise InvalidInput.of("tasks", _("A plan has at least one task."))
    if len(drafts) > LONGEST_PLAN:
        raise InvalidInput.of("tasks", _("A plan has at most %(count)d tasks.") % {"count": LONGEST_PLAN})
    escalation = lock_escalation(number)
    _check_live(escalation)
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
    _check_live(escalation)
    task = next((task for task in current_plan(escalation) if task.pk == task_id), None)
    if task is None:
        raise InvalidInput.of("task_id", _("The current plan has no such task."))
    task.done_at = now if done else None
    task.save(update_fields=["done_at"])
    if done:
        record_step(escalation, "task_done", by=by, now=now, title=task.title)
    return escalation


def _check_live(escalation: Escalation) -> None:
    if escalation.state not in LIVE_STATES or escalation.state == State.REQUESTED:
        raise NotAllowedNow(
            _("%(ref)s is at “%(state)s”: this step is not open.")
            % {"ref": escalation.reference, "state": escalation.get_state_display()}
        )


def _to_customers(communication: Communication, by: User, now: datetime) -> int:
    tickets.reply(
        ticket=communication.escalation.ticket,
        author=by,
        body=communication.body,
        now=now,
        next_update_by=communication.next_update_by,
    )
    return 1


def _to_stakeholders(communication: Communication, by: User, now: datetime) -> int:
    """The team's lead and managers, the owner, and the team that it came from."""
    escalation = communication.escalation
    team = escalation.team or escalation.ticket.team
    named = [team.lead if team else None, escalation.ticket.assignee, escalation.manager]
    people = present([person for person in named if person is not None], now) + managers_of(team, now)
    if escalation.from_team is not None:
        people += managers_of(escalation.from_team, now)
    return notify(
        recipients=people,
        compose=partial(alerts.update, communication),
        dedupe=f"communication:{communication.pk}",
        now=now,
    )


_SENDERS: dict[str, Callable[[Communication, User, datetime], int]] = {
    Audience.CUSTOMERS: _to_customers,
    Audience.STAKEHOLDERS: _to_stakeholders,
}


def keep_promises_of_replies(*, ticket: Ticket, events: Sequence[Event], now: datetime) -> None:
    """A reply that promises the next update while an escalation runs: the escalation keeps the promise (R36).

    Without one, or while nobody has approved it, a clock does (`sla.sync`). Called with the ticket's lock held.
    """
    promised = [event.data[PROMISE] for event in events if event.kind == EventKind.REPLIED and PROMISE in event.data]
    at = parse_datetime(promised[-1]) if promised else None
    if at is None or ticket.escalation_number is None or ticket.escalation_state == State.REQUESTED:
        return
    _promise(lock_escalation(ticket.escalation_number), at, now)


def _keep_promises(escalation: Escalation, next_update_by: datetime | None, now: datetime) -> None:
    if set(escalation.communications.values_list("audience", flat=True)) == set(Audience.values):
        meet_deadlines(escalation, DeadlineKind.FIRST_HOUR, now)
    if next_update_by is not None:
        _promise(escalation, next_update_by, now)


def _promise(escalation: Escalation, next_update_by: datetime, now: datetime) -> None:
    """The next update is due then, and what was promised before is kept. Said twice, it is promised once."""
    if escalation.deadlines.running().filter(kind=DeadlineKind.UPDATE, due_at=next_update_by).exists():
        return
    meet_deadlines(escalation, DeadlineKind.UPDATE, now)
    deadline(escalation, DeadlineKind.UPDATE, next_update_by).save()
    escalation.next_update_by = next_update_by
    escalation.save(update_fields=["next_update_by"])


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
