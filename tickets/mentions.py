"""@mentions in internal notes: who is named, and that he is told once."""

from datetime import datetime

from django.utils.translation import gettext as _

from notifications.actions import notify
from notifications.enums import AlertKind
from notifications.letters import Letter
from people.mentions import named
from people.models import User
from tickets.models import Mention, Message, Ticket
from tickets.permissions import who_see

EXCERPT = 300


def record(message: Message, ticket: Ticket, *, now: datetime) -> list[User]:
    """Those whom a note names and who may see the ticket, told on the page and by mail; its author is not."""
    if "@" not in message.body:
        return []
    found = [user for user in named(message.body, who_see(ticket)) if user.pk != message.author_id]
    Mention.objects.bulk_create([Mention(message=message, user=user, at=now) for user in found], ignore_conflicts=True)
    author = message.author.name if message.author else ""

    def compose(person: User) -> Letter:
        title = _("%(name)s mentioned you on #%(number)d") % {"name": author, "number": ticket.number}
        return Letter(
            kind=AlertKind.MENTION,
            title=title,
            body=message.body[:EXCERPT],
            path=f"/tickets/{ticket.number}/#message-{message.pk}",
            facts=((_("Ticket"), ticket.subject), (_("Customer"), ticket.requester.name)),
            action=_("Open the ticket"),
            ticket_number=ticket.number,
        )

    notify(recipients=found, compose=compose, dedupe=f"mention:{message.pk}", now=now)
    return found


def read(*, ticket: Ticket, user: User, now: datetime) -> None:
    """The person has opened the ticket."""
    Mention.objects.filter(user=user, read_at=None, message__ticket=ticket).update(read_at=now)
