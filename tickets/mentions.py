"""@mentions in internal notes: who is named, and that he is told once."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from notifications.actions import notify
from notifications.enums import AlertKind
from notifications.letters import Letter
from people.models import User
from tickets.models import Mention, Message, Ticket
from tickets.permissions import who_see

EXCERPT = 300
# An @ inside an address is no mention.
_AT = re.compile(r"(?<![\w.@+-])@(?=\w)")


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


def named(text: str, people: Iterable[User]) -> list[User]:
    """Everybody named in the text, in its order, nobody twice."""
    known = handles(people)
    found: dict[User, None] = {}
    for start, end in spans(text, known):
        found[known[text[start + 1 : end].casefold()]] = None
    return list(found)


def handles(people: Iterable[User]) -> dict[str, User]:
    """What may stand behind an @ for each: the full name, the address before its @, the first name if nobody shares it.

    In small letters. What would name two people names nobody.
    """
    everybody = list(people)
    exact = [(handle, user) for user in everybody for handle in {user.name.casefold(), _local_part(user)}]
    first = [(user.name.partition(" ")[0].casefold(), user) for user in everybody]
    return {**_unambiguous(first), **_unambiguous(exact)}


def spans(text: str, known: Iterable[str]) -> list[tuple[int, int]]:
    """Where the text names one of the handles, with the @; of two that fit the longer one counts."""
    longest_first = sorted(known, key=len, reverse=True)
    found = []
    for match in _AT.finditer(text):
        for handle in longest_first:
            end = match.end() + len(handle)
            if text[match.end() : end].casefold() == handle and not text[end : end + 1].isalnum():
                found.append((match.start(), end))
                break
    return found


def _local_part(user: User) -> str:
    return user.email.partition("@")[0].casefold()


def _unambiguous(given: Iterable[tuple[str, User]]) -> dict[str, User]:
    pairs = list(given)
    count = Counter(handle for handle, _user in pairs)
    return {handle: user for handle, user in pairs if handle and count[handle] == 1}
