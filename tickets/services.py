"""The front doors' way in: permission first, then the action."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from common.errors import InvalidInput, NotFound, Refused
from people import permissions as people
from people.actions import find_or_create_customer
from people.models import Team, User
from tickets import actions, files, follow_ups, labelling, promises, satisfaction
from tickets.enums import Channel, Kind
from tickets.fields import check_kind, checked_at_opening, find_request_type
from tickets.handling import link as link
from tickets.handling import merge as merge
from tickets.handling import relink as relink
from tickets.handling import set_fields as set_fields
from tickets.handling import set_kind as set_kind
from tickets.handling import split as split
from tickets.handling import take_out as take_out
from tickets.handling import unlink as unlink
from tickets.handling import unmerge as unmerge
from tickets.keeping import bring_back as bring_back
from tickets.keeping import empty_trash as empty_trash
from tickets.keeping import hand_over as hand_over
from tickets.keeping import put_away as put_away
from tickets.keeping import snooze as snooze
from tickets.keeping import take as take
from tickets.keeping import wake as wake
from tickets.models import FollowUp, Message, Rating, Ticket
from tickets.pace import check_pace
from tickets.permissions import May, access_destination, access_ticket
from tickets.problems import answer_and_solve as answer_and_solve


def ask(
    *,
    user: User,
    subject: str,
    body: str,
    now: datetime,
    priority: str = "normal",
    channel: str = Channel.WEB,
    attachments: Sequence[files.Upload] = (),
    fields: Mapping[str, Any] | None = None,
    request_type: str = "",
) -> Ticket:
    """A customer opens a ticket for himself. Whoever works at the desk may do so too.

    `fields`: what he was asked of the desk's own fields; None where nobody asked him. `request_type`: what he asks
    for, by its short name; without one the request is a question like any other.
    """
    check_pace(user, now)
    what = find_request_type(request_type) if request_type else None
    known: dict[str, Any] = {"kind": what.kind, "team": what.team, "tags": what.tags} if what else {}
    return actions.open_ticket(
        subject=subject,
        body=body,
        requester=user,
        now=now,
        priority=priority,
        channel=channel,
        attachments=attachments,
        fields=checked_at_opening(fields, of_customer=True, what=what),
        **known,
    )


def open_for_caller(
    *,
    user: User,
    email: str,
    name: str,
    subject: str,
    body: str,
    now: datetime,
    priority: str = "normal",
    channel: str = Channel.PHONE,
    team: Team | None = None,
    tags: Sequence[str] = (),
    attachments: Sequence[files.Upload] = (),
    kind: str = Kind.QUESTION,
    fields: Mapping[str, Any] | None = None,
) -> Ticket:
    """An agent, or a program with an agent's token, opens a ticket for somebody else.

    `fields`: what was asked of the desk's own fields; None where a program knows of none.
    """
    people.check_agent(user)
    check_kind(kind)
    return actions.open_ticket(
        subject=subject,
        body=body,
        requester=find_or_create_customer(email=email, name=name),
        now=now,
        priority=priority,
        channel=channel,
        team=team,
        tags=tags,
        attachments=attachments,
        opened_by=user,
        kind=kind,
        fields=checked_at_opening(fields),
    )


def reply(
    *,
    user: User,
    number: int,
    body: str,
    now: datetime,
    attachments: Sequence[files.Upload] = (),
    channel: str = Channel.WEB,
    then_wait: bool = False,
    next_update_by: datetime | None = None,
) -> Message:
    """A public word on a ticket: the customer's where its requester speaks, an agent's otherwise, who may promise."""
    ticket = access_ticket(user, number, can=May.WRITE)
    if user.is_agent and ticket.requester_id != user.pk:
        return actions.reply(
            ticket=access_destination(user, ticket),
            author=user,
            body=body,
            now=now,
            attachments=attachments,
            channel=channel,
            then_wait=then_wait,
            next_update_by=next_update_by,
        )
    check_pace(user, now)
    if next_update_by is not None:
        raise InvalidInput.of(promises.FIELD, _("Only the desk promises its next update."))
    return actions.customer_wrote(
        ticket=ticket, author=user, body=body, now=now, attachments=attachments, channel=channel
    )


def note(*, user: User, number: int, body: str, now: datetime, attachments: Sequence[files.Upload] = ()) -> Message:
    ticket = access_destination(user, access_ticket(user, number, can=May.WORK))
    return actions.note(ticket=ticket, author=user, body=body, now=now, attachments=attachments)


def assign(*, user: User, number: int, now: datetime, team_slug: str = "", assignee_email: str = "") -> Ticket:
    """Raises InvalidInput where the team or the person does not exist, or neither is given."""
    ticket = access_ticket(user, number, can=May.WORK)
    if not team_slug and not assignee_email:
        raise InvalidInput.of("team", _("Name a team, a person, or both."))
    return actions.assign(
        ticket=ticket,
        now=now,
        by=user,
        team=find_team(team_slug) if team_slug else None,
        assignee=find_agent(assignee_email) if assignee_email else None,
    )


def set_priority(*, user: User, number: int, priority: str, now: datetime) -> Ticket:
    ticket = access_ticket(user, number, can=May.WORK)
    return actions.set_priority(ticket=ticket, priority=priority, now=now, by=user)


def change_status(
    *, user: User, number: int, verb: str, now: datetime, reason: str = "", waits_for: str = ""
) -> Ticket:
    """See `actions.change_status`."""
    ticket = access_ticket(user, number, can=May.WORK)
    return actions.change_status(ticket=ticket, verb=verb, now=now, by=user, reason=reason, waits_for=waits_for)


def settle(*, user: User, number: int, now: datetime) -> Ticket:
    """The customer says that nothing more is needed; a word of his opens it again. NotAllowedNow where it is done."""
    ticket = access_ticket(user, number, can=May.WRITE)
    if not user.is_customer:
        raise Refused(_("Only the customer says that it is settled."))
    reason = gettext_noop("the customer says that it is settled")
    return actions.change_status(ticket=ticket, verb="solve", now=now, by=user, reason=reason)


def add_tag(*, user: User, number: int, name: str, now: datetime) -> Ticket:
    ticket = access_ticket(user, number, can=May.WORK)
    labelling.add_tag(ticket=ticket, name=name, now=now, by=user)
    return ticket


def remove_tag(*, user: User, number: int, name: str, now: datetime) -> Ticket:
    ticket = access_ticket(user, number, can=May.WORK)
    labelling.remove_tag(ticket=ticket, name=name, now=now, by=user)
    return ticket


def find_team(slug: str) -> Team:
    team = Team.objects.filter(slug=slug).first()
    if team is None:
        raise InvalidInput.of("team", _("There is no team “%(slug)s”.") % {"slug": slug[:40]})
    return team


def find_agent(email: str) -> User:
    user = User.objects.active().staff().at_address(email).first()
    if user is None:
        raise InvalidInput.of("assignee", _("Nobody at the desk has the address “%(email)s”.") % {"email": email[:80]})
    return user


def rate(*, user: User, number: int, score: int, now: datetime, comment: str = "") -> Rating:
    """How the customer was answered, in his own word: nobody says it for him."""
    ticket = access_ticket(user, number, can=May.WRITE)
    if ticket.requester_id != user.pk:
        raise Refused(_("Only the customer says how it was."))
    return satisfaction.rate(ticket=ticket, by=user, score=score, comment=comment, now=now)


def reply_to(*, user: User, pk: int) -> Message:
    """A reply of ours to this very customer; NotFound for everything else."""
    found = Message.objects.filter(pk=pk, is_public=True, by_customer=False, ticket__requester=user).first()
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    access_ticket(user, found.ticket_id, can=May.WRITE)
    return found


def judge_reply(*, user: User, pk: int, has_helped: bool, now: datetime) -> Message:
    """Whether a reply of ours has helped: the customer alone says so."""
    return satisfaction.judge_reply(message=reply_to(user=user, pk=pk), by=user, has_helped=has_helped, now=now)


def follow_up(*, user: User, number: int, outcome: str, now: datetime) -> FollowUp:
    """How a low answer was made good, or why it could not be (R89): by whoever works on the ticket."""
    access_ticket(user, number, can=May.WORK)
    return follow_ups.settle(number=number, by=user, outcome=outcome, now=now)
