"""Watchers: who follows a ticket without owning it hears of the customer's words and of each new status."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from notifications.actions import Notice, notify, notify_many
from notifications.enums import AlertKind
from notifications.letters import Letter
from people.models import User
from tickets.enums import EventKind, Status
from tickets.models import Event, Ticket
from tickets.permissions import who_see


def tell_watchers(ticket: Ticket, events: Sequence[Event], *, now: datetime) -> None:
    """One alert on the page for each; nobody hears of his own acts, nor who may not see the ticket any more."""
    told = [event for event in events if event.kind in _LETTERS and not _follows_a_word(ticket, event)]
    if not told:
        return
    watchers = list(who_see(ticket).filter(watched_tickets=ticket))
    notices = [
        Notice(
            recipients=[person for person in watchers if person.pk != event.actor_id],
            compose=_composer(ticket, event),
            dedupe=f"watched:{event.pk}",
            by_mail=False,
        )
        for event in told
    ]
    if watchers:
        notify_many(notices, now=now)


def watch(*, ticket: Ticket, user: User) -> None:
    ticket.watchers.add(user)


def ask(*, ticket: Ticket, person: User, by: User, now: datetime) -> None:
    """Somebody watches it at a colleague's word, of which he is told."""
    ticket.watchers.add(person)
    if person.pk != by.pk:
        dedupe = f"asked-to-watch:{ticket.number}:{person.pk}:{now.isoformat()}"
        notify(recipients=[person], compose=_asked(ticket, by), dedupe=dedupe, now=now, by_mail=False)


def unwatch(*, ticket: Ticket, user: User) -> None:
    ticket.watchers.remove(user)


def _follows_a_word(ticket: Ticket, event: Event) -> bool:
    """The customer's word, of which the watchers hear, opened the ticket again: that is no second piece of news."""
    return event.kind == EventKind.STATUS and event.actor_id == ticket.requester_id


def _composer(ticket: Ticket, event: Event) -> Callable[[User], Letter]:
    return lambda _person: _LETTERS[event.kind](ticket, event)


def _wrote(ticket: Ticket, event: Event) -> Letter:
    name = event.actor.name if event.actor else ticket.requester.name
    title = _("%(name)s wrote on #%(number)d") % {"name": name, "number": ticket.number}
    return _letter(ticket, AlertKind.REPLY, title)


def _status(ticket: Ticket, event: Event) -> Letter:
    status = dict(Status.choices).get(event.data.get("after", ""), "")
    title = _("#%(number)d is now: %(status)s") % {"number": ticket.number, "status": status}
    return _letter(ticket, AlertKind.STATUS, title)


def _asked(ticket: Ticket, by: User) -> Callable[[User], Letter]:
    def composed(_person: User) -> Letter:
        title = _("%(name)s asked you to watch #%(number)d") % {"name": by.name, "number": ticket.number}
        return _letter(ticket, AlertKind.MENTION, title)

    return composed


def _letter(ticket: Ticket, kind: str, title: str) -> Letter:
    path = f"/tickets/{ticket.number}/"
    return Letter(kind=kind, title=title, body=ticket.subject, path=path, ticket_number=ticket.number)


_LETTERS: dict[str, Callable[[Ticket, Event], Letter]] = {
    EventKind.CUSTOMER_WROTE: _wrote,
    EventKind.STATUS: _status,
}
