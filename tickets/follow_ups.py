"""A low answer is followed up (R89): somebody owns it, by a time; a missed time alerts the team's managers, once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import NotAllowedNow
from common.setbacks import Round
from common.text import many_lines
from notifications.actions import notify
from notifications.enums import AlertKind
from notifications.letters import Letter
from people.chain import hearing_of, managers_of, present
from people.models import User
from tickets import timeline
from tickets.actions import lock_ticket
from tickets.enums import EventKind
from tickets.models import FollowUp, Ticket

ROUND = "follow-ups"
WITHIN = timedelta(days=1)
OUTCOME_LIMIT = 2000
BATCH = 200


def open_for(ticket: Ticket, score: int, now: datetime) -> FollowUp | None:
    """In the transaction of the answer, under the ticket's lock. None where one is open: it takes the newer score."""
    running = FollowUp.objects.filter(ticket=ticket, done_at=None).first()
    if running is not None:
        running.score = score
        running.save(update_fields=["score"])
        return None
    owner = _owner(ticket, now)
    due_at = now + WITHIN
    made = FollowUp.objects.create(
        ticket=ticket, score=score, owner=owner, opened_at=now, due_at=due_at, next_moment=due_at
    )
    timeline.record(ticket, EventKind.FOLLOW_UP, now=now, owner=owner.name if owner else "", due_at=due_at.isoformat())
    _tell([owner] if owner else managers_of(ticket.team, now), made, AlertKind.HANDED, "follow-up", now)
    return made


@transaction.atomic
def settle(*, number: int, by: User, outcome: str, now: datetime) -> FollowUp:
    """How it ended, in words that stay. NotAllowedNow where none is open: somebody else was quicker."""
    outcome = many_lines(outcome, field="outcome", limit=OUTCOME_LIMIT)
    ticket = lock_ticket(number)
    found = open_on(ticket)
    if found is None:
        raise NotAllowedNow(_("Nothing waits to be followed up here."))
    found.done_at, found.done_by, found.outcome, found.next_moment = now, by, outcome, None
    found.save(update_fields=["done_at", "done_by", "outcome", "next_moment"])
    timeline.record(ticket, EventKind.FOLLOWED_UP, now=now, actor=by, outcome=outcome[:300])
    return found


def open_on(ticket: Ticket) -> FollowUp | None:
    return FollowUp.objects.select_related("owner").filter(ticket=ticket, done_at=None).first()


def tell_of_late(now: datetime) -> int:
    """One round over those whose time has passed; how many. One that fails stops no other."""
    setbacks = Round(ROUND, now)
    due = setbacks.open(FollowUp.objects.filter(next_moment__lte=now), "ticket").order_by("next_moment", "pk")
    numbers = list(due.values_list("ticket_id", flat=True)[:BATCH])
    return setbacks.each(numbers, lambda number: _tell_of_late(number, now))


@transaction.atomic
def _tell_of_late(number: int, now: datetime) -> bool:
    ticket = lock_ticket(number)
    found = open_on(ticket)
    if found is None or found.next_moment is None or found.next_moment > now:
        return False
    found.missed_at, found.next_moment = now, None
    found.save(update_fields=["missed_at", "next_moment"])
    timeline.record(ticket, EventKind.FOLLOW_UP_LATE, now=now)
    _tell(managers_of(ticket.team, now), found, AlertKind.OVERDUE, "follow-up-late", now)
    return True


def _owner(ticket: Ticket, now: datetime) -> User | None:
    """The lead, who did not necessarily answer himself; else whoever answers for the ticket."""
    candidates = [ticket.team.lead if ticket.team else None, ticket.assignee]
    named = [person for person in candidates if person is not None]
    return next(iter(present(named, now, hearing_of(ticket.team))), None)


def _tell(people: Iterable[User], about: FollowUp, kind: AlertKind, key: str, now: datetime) -> None:
    notify(
        recipients=list(people),
        compose=partial(_letter, about, kind),
        dedupe=f"{key}:{about.pk}",
        now=now,
    )


def _letter(about: FollowUp, kind: AlertKind, _reader: User) -> Letter:
    ticket = about.ticket
    known = {"name": ticket.requester.name, "number": ticket.number, "score": about.score}
    late = kind == AlertKind.OVERDUE
    title = (
        _("Nobody has followed up with %(name)s yet: #%(number)d, %(score)d of 5")
        if late
        else _("%(name)s was not content: #%(number)d, %(score)d of 5. Follow up.")
    )
    return Letter(
        kind=kind,
        title=title % known,
        body=ticket.subject,
        path=f"/tickets/{ticket.number}/",
        action=_("Open the ticket"),
        ticket_number=ticket.number,
    )
