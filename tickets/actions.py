"""What is done to tickets: lock, act, save named fields, record. Permissions are `services`' business."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django_fsm import TransitionNotAllowed

from common import at_hand
from common.errors import InvalidInput, NotAllowedNow
from common.rows import insert_all
from common.text import many_lines
from people.models import Team, User
from tickets import (
    files,
    foresight,
    indexing,
    mentions,
    ownership,
    promises,
    snoozing,
    timeline,
    waits,
)
from tickets.checks import check_open, check_priority
from tickets.enums import DONE_STATUSES, Channel, EventKind, Kind, Priority, Status
from tickets.models import Message, Ticket
from tickets.opening import Opening, open_tickets

__all__ = ["Opening", "open_tickets"]


def lock_ticket(number: int) -> Ticket:
    """The ticket as it is now, held until the transaction ends. Every change starts here."""
    return Ticket.objects.select_for_update().get(number=number)


def lock_workable(number: int) -> Ticket:
    """The same of a ticket that may be changed: not one that went into another or lies in the trash."""
    ticket = lock_ticket(number)
    if ticket.merged_into_id is not None:
        raise NotAllowedNow(
            _("#%(number)d was merged into #%(into)d: go on there, or take them apart first.")
            % {"number": number, "into": ticket.merged_into_id}
        )
    if ticket.trashed_at is not None:
        raise NotAllowedNow(_("#%(number)d was put away: bring it back first.") % {"number": number})
    return ticket


def lock_pair(one: int, other: int) -> tuple[Ticket, Ticket]:
    """Both, held in the order of their numbers, so that two who want both never wait for each other."""
    wanted = Ticket.objects.filter(number__in={one, other}).order_by("number")
    held = {ticket.number: ticket for ticket in wanted.select_for_update(of=("self",)).select_related("requester")}
    return held[one], held[other]


def lock_destination(ticket: Ticket) -> Ticket:
    """Where a word on this ticket belongs, held: the ticket itself, or the one that it went into."""
    while ticket.merged_into_id is not None:
        # Without a lock: two are only ever taken in the order of their numbers.
        ticket = Ticket.objects.get(number=ticket.merged_into_id)
    given, ticket = ticket, lock_ticket(ticket.number)
    if ticket.trashed_at is not None:
        raise NotAllowedNow(_("#%(number)d was put away: bring it back first.") % {"number": ticket.number})
    _take_neighbours(given, ticket)
    return ticket if ticket.merged_into_id is None else lock_destination(ticket)


def _take_neighbours(given: Ticket, ticket: Ticket) -> None:
    """Whom it is for and whose it is were read with the ticket that was given: where they are the same, not again."""
    for name in ("requester", "team"):
        if getattr(given, f"{name}_id") == getattr(ticket, f"{name}_id") and name in given._state.fields_cache:
            setattr(ticket, name, getattr(given, name))


def open_ticket(
    *,
    subject: str,
    body: str,
    requester: User,
    now: datetime,
    priority: str = Priority.NORMAL,
    channel: str = Channel.WEB,
    team: Team | None = None,
    tags: Sequence[str] = (),
    attachments: Sequence[files.File] = (),
    opened_by: User | None = None,
    external_id: str = "",
    kind: str = Kind.QUESTION,
    fields: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
) -> Ticket:
    """A new ticket with its first message; see `opening.open_tickets`."""
    opening = Opening(
        subject=subject,
        body=body,
        requester=requester,
        priority=priority,
        channel=channel,
        team=team,
        tags=tags,
        attachments=attachments,
        opened_by=opened_by,
        external_id=external_id,
        kind=kind,
        fields=fields or {},
        due_at=due_at,
    )
    return open_tickets([opening], now=now)[0]


@transaction.atomic
def reply(
    *,
    ticket: Ticket,
    author: User,
    body: str,
    now: datetime,
    attachments: Sequence[files.File] = (),
    channel: str = Channel.WEB,
    then_wait: bool = False,
    next_update_by: datetime | None = None,
    takes_it: bool = True,
) -> Message:
    """An agent's public answer. Stops the first-reply clock at once; takes up a new ticket; may promise the next.

    Who writes becomes the owner of a ticket that has none, unless he tells many at once.
    """
    body = many_lines(body, field="body")
    files.check(attachments)
    promises.check(next_update_by, now)
    ticket = lock_destination(ticket)
    check_open(ticket)
    message = write_down(ticket, author, body, now, attachments, channel=channel, next_update_by=next_update_by)
    ticket.last_agent_reply_at = ticket.updated_at = now
    is_taken = takes_it and ticket.assignee_id is None
    if is_taken:
        ticket.assignee = author
    ticket.save(update_fields=["last_agent_reply_at", "updated_at", "assignee"])
    if is_taken:
        ownership.keep(ticket, now=now)
    said = promises.as_data(next_update_by)
    timeline.record(ticket, EventKind.REPLIED, now=now, actor=author, message=message.pk, **said)
    if ticket.status == Status.NEW:
        move(ticket, ticket.start_work, now=now, actor=author)
    if then_wait:
        move(ticket, ticket.wait_on_customer, now=now, actor=author)
    return message


@transaction.atomic
def customer_wrote(
    *,
    ticket: Ticket,
    author: User,
    body: str,
    now: datetime,
    attachments: Sequence[files.File] = (),
    channel: str = Channel.WEB,
    external_id: str = "",
    is_automatic: bool = False,
) -> Message:
    """The customer's word: work goes on, and a solved or closed ticket opens again. `is_automatic`: see `Message`."""
    body = many_lines(body, field="body")
    files.check(attachments)
    given, ticket = ticket, lock_destination(ticket)
    message = write_down(
        ticket,
        author,
        body,
        now,
        attachments,
        channel=channel,
        # Through a merged ticket of somebody else: his words are not for the customer of this one.
        is_public=given.number == ticket.number or author.pk == ticket.requester_id,
        by_customer=True,
        external_id=external_id,
        is_automatic=is_automatic,
    )
    ticket.last_customer_message_at = now
    ticket.updated_at = now
    ticket.save(update_fields=["last_customer_message_at", "updated_at"])
    timeline.record(ticket, EventKind.CUSTOMER_WROTE, now=now, actor=author, message=message.pk)
    snoozing.wake(ticket, now=now, reason=gettext_noop("the customer wrote"))
    if ticket.status == Status.WAITING:
        move(ticket, ticket.resume, now=now, actor=author, reason=gettext_noop("the customer answered"))
    elif ticket.is_done:
        move(ticket, ticket.reopen, now=now, actor=author, reason=gettext_noop("the customer wrote again"))
    return message


@transaction.atomic
def note(*, ticket: Ticket, author: User, body: str, now: datetime, attachments: Sequence[files.File] = ()) -> Message:
    """A word to colleagues, never shown to the customer (R62)."""
    body = many_lines(body, field="body")
    files.check(attachments)
    ticket = lock_destination(ticket)
    message = write_down(ticket, author, body, now, attachments, channel=Channel.WEB, is_public=False)
    ticket.updated_at = now
    ticket.save(update_fields=["updated_at"])
    timeline.record(ticket, EventKind.NOTED, now=now, actor=author, message=message.pk)
    mentions.record(message, ticket, now=now)
    return message


@transaction.atomic
def assign(
    *,
    ticket: Ticket,
    now: datetime,
    by: User | None,
    team: Team | None = None,
    assignee: User | None = None,
    by_rule: str = "",
) -> Ticket:
    """Give the ticket to a team, a person, or both; a new team alone leaves it unowned. `by_rule`: see `timeline`."""
    ticket = lock_workable(ticket.number)
    if assignee is not None and not assignee.is_agent:
        raise InvalidInput.of("assignee", _("A ticket is owned by somebody who works at the desk."))
    if team is not None and team.pk != ticket.team_id:
        ticket.team = team
        ticket.assignee = None
    if assignee is not None:
        ticket.assignee = assignee
    return _own(ticket, now=now, by=by, by_rule=by_rule)


@transaction.atomic
def give_back(*, ticket: Ticket, now: datetime, by: User | None, team: Team | None, assignee: User | None) -> Ticket:
    """The ticket is whose it was before, which may be nobody's."""
    ticket = lock_workable(ticket.number)
    ticket.team, ticket.assignee = team, assignee
    return _own(ticket, now=now, by=by)


def _own(ticket: Ticket, *, now: datetime, by: User | None, by_rule: str = "") -> Ticket:
    """Save whose a locked ticket is, and record it."""
    ticket.updated_at = now
    ticket.save(update_fields=["team", "assignee", "updated_at"])
    unowned = ownership.keep(ticket, now=now)
    timeline.record(
        ticket,
        EventKind.ASSIGNED,
        now=now,
        actor=by,
        unowned=unowned.total_seconds() if unowned else 0,
        team=ticket.team.name if ticket.team else "",
        assignee=ticket.assignee.name if ticket.assignee else "",
        **timeline.of_rule(by_rule),
    )
    return ticket


@transaction.atomic
def set_priority(*, ticket: Ticket, priority: str, now: datetime, by: User | None, by_rule: str = "") -> Ticket:
    """`by_rule`: see `timeline.of_rule`."""
    check_priority(priority)
    ticket = lock_workable(ticket.number)
    before, ticket.priority = ticket.priority, priority
    ticket.updated_at = now
    ticket.save(update_fields=["priority", "updated_at"])
    if before != priority:
        rule = timeline.of_rule(by_rule)
        timeline.record(ticket, EventKind.PRIORITY, now=now, actor=by, before=before, after=priority, **rule)
    return ticket


@transaction.atomic
def change_status(
    *, ticket: Ticket, verb: str, now: datetime, by: User | None, reason: str = "", waits_for: str = ""
) -> Ticket:
    """One step of the state machine, named by its verb: wait, hold, resume, solve, reopen or close.

    `waits_for`: of what kind the reason is, for wait and hold; empty is the usual one. InvalidInput where it is none
    of that status. Raises NotAllowedNow where the present status forbids the step.
    """
    waits.check(verb, waits_for)
    ticket = lock_workable(ticket.number)
    move(ticket, getattr(ticket, VERBS[verb]), now=now, actor=by, reason=reason, waits_for=waits_for)
    return ticket


def set_attention(*, ticket: Ticket, **known: Any) -> None:
    """Write down what an upper floor knows and lists sort by: severity, next_due_at, escalation_state, _number."""
    if "next_due_at" in known:
        known["next_due_at"] = foresight.with_its_own(ticket, known["next_due_at"])
    changed = [name for name, value in known.items() if getattr(ticket, name) != value]
    for name in changed:
        setattr(ticket, name, known[name])
    if changed:
        ticket.save(update_fields=changed)


VERBS = {
    "wait": "wait_on_customer",
    "hold": "put_on_hold",
    "resume": "resume",
    "solve": "solve",
    "reopen": "reopen",
    "close": "close",
}


def move(
    ticket: Ticket,
    transition: Callable[[], object],
    *,
    now: datetime,
    actor: User | None,
    reason: str = "",
    waits_for: str = "",
) -> None:
    """Run one transition on a locked ticket, save what it implies, record it."""
    before = ticket.status
    try:
        transition()
    except TransitionNotAllowed as error:
        raise NotAllowedNow(
            _("This cannot be done while the ticket is %(status)s.") % {"status": ticket.get_status_display()}
        ) from error
    ticket.solved_at = now if ticket.status == Status.SOLVED else (ticket.solved_at if ticket.is_done else None)
    ticket.closed_at = now if ticket.status == Status.CLOSED else None
    ticket.waits_for = waits.kind_of(ticket.status, waits_for)
    ticket.updated_at = now
    ticket.save(update_fields=["status", "solved_at", "closed_at", "waits_for", "updated_at"])
    if ticket.is_done != (before in DONE_STATUSES):
        ownership.keep(ticket, now=now)
    if ticket.is_done:
        snoozing.wake(ticket, now=now, by=actor)
    said = {"before": before, "after": ticket.status, "reason": reason[:200], "waits_for": ticket.waits_for}
    timeline.record(ticket, EventKind.STATUS, now=now, actor=actor, **said)


def write_down(
    ticket: Ticket,
    author: User | None,
    body: str,
    now: datetime,
    attachments: Sequence[files.File],
    *,
    channel: str,
    is_public: bool = True,
    by_customer: bool = False,
    external_id: str = "",
    next_update_by: datetime | None = None,
    is_automatic: bool = False,
) -> Message:
    """A message on a ticket that is known already."""
    message = Message(
        ticket=ticket,
        author=author,
        is_public=is_public,
        by_customer=by_customer,
        body=body,
        channel=channel,
        created_at=now,
        external_id=external_id,
        next_update_by=next_update_by,
        is_automatic=is_automatic,
    )
    insert_all([message])
    at_hand.keep(message, "attachments", files.attach(message, attachments))
    indexing.append(message, [files.safe_name(upload.name) for upload in attachments])
    return message
