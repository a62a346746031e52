"""A ticket changes hands with a word to whoever gets it, and sleeps until a moment (R82)."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow
from notifications.actions import notify
from notifications.enums import AlertKind
from notifications.letters import Letter
from people.chain import hearing_of, managers_of, present
from people.models import Team, User
from tickets import actions, snoozing
from tickets.enums import Status, Wait
from tickets.models import Ticket

LONGEST_SLEEP = timedelta(days=366)


@transaction.atomic
def hand_over(
    *, ticket: Ticket, note: str, now: datetime, by: User, team: Team | None = None, assignee: User | None = None
) -> Ticket:
    """To a team, a person, or both; the note stands on the ticket, and whoever gets it is told at once."""
    if team is None and assignee is None:
        raise InvalidInput.of("team", _("Name a team, a person, or both."))
    word = actions.note(ticket=ticket, author=by, body=note, now=now)
    ticket = actions.assign(ticket=ticket, now=now, by=by, team=team, assignee=assignee)
    lead = ticket.team.lead if ticket.team else None
    receivers = [assignee] if assignee else ([lead] if lead else [])
    notify(
        recipients=present(receivers, now, hearing_of(ticket.team)) or managers_of(ticket.team, now),
        compose=partial(_letter, ticket, by, word.body),
        dedupe=f"handed:{word.pk}",
        now=now,
    )
    return ticket


@transaction.atomic
def snooze(*, ticket: Ticket, until: datetime, reason: str, now: datetime, by: User, hold: bool = False) -> Ticket:
    """Out of the default lists until then; with `hold` it is put on hold too, and taken up again at that moment.

    No clock stops for it. A word of the customer, a missed promise or an escalation wakes it at once.
    """
    if until <= now:
        raise InvalidInput.of("until", _("Choose a moment that is still to come."))
    if until > now + LONGEST_SLEEP:
        raise InvalidInput.of("until", _("A ticket sleeps for a year at most."))
    ticket = actions.lock_workable(ticket.number)
    if ticket.is_done:
        sentence = _("#%(number)d is %(status)s: there is nothing to come back to.")
        raise NotAllowedNow(sentence % {"number": ticket.number, "status": ticket.get_status_display().lower()})
    snoozing.lay_down(ticket, until, now=now, by=by, reason=reason.strip()[:200])
    if hold and ticket.status != Status.ON_HOLD:
        actions.move(ticket, ticket.put_on_hold, now=now, actor=by, reason=reason, waits_for=Wait.AGREED_DATE)
    return ticket


@transaction.atomic
def wake(*, ticket: Ticket, now: datetime, by: User) -> Ticket:
    """Back before its moment, and from a hold that was to last until then."""
    ticket = actions.lock_workable(ticket.number)
    has_slept = snoozing.wake(ticket, now=now, by=by)
    if has_slept and ticket.status == Status.ON_HOLD and ticket.waits_for == Wait.AGREED_DATE:
        actions.move(ticket, ticket.resume, now=now, actor=by)
    return ticket


def _letter(ticket: Ticket, by: User, note: str, _reader: User) -> Letter:
    known = {"name": by.name, "number": ticket.number, "subject": ticket.subject}
    return Letter(
        kind=AlertKind.HANDED,
        title=_("%(name)s hands you #%(number)d: %(subject)s") % known,
        body=note[:500],
        path=f"/tickets/{ticket.number}/",
        action=_("Open the ticket"),
        ticket_number=ticket.number,
    )
