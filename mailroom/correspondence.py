"""The front doors' way in to mail about a ticket: permission first, then the action.

Forwarding, side conversations, watchers from outside, addresses that fail, and how teams write.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from common import audit
from common.errors import InvalidInput, NotFound, Refused
from common.identity import desk_name
from common.text import flatten, many_lines
from mailroom import records, sides
from mailroom.models import Follower, Letterhead, SideConversation, SideFile, SideMessage
from mailroom.threads import is_own_address
from people.actions import find_or_create_customer
from people.enums import Role
from people.models import Team, User
from tickets import timeline, watching
from tickets.actions import lock_workable
from tickets.files import Upload
from tickets.models import Message, Ticket
from tickets.permissions import May, access_ticket, who_see
from tickets.sending import signed

SIGNATURE_LIMIT = 2000
# As the trail keeps it.
LETTERS = gettext_noop("Letters of %(team)s")


def access_side(user: User, pk: int) -> SideConversation:
    """One of a ticket that this person works on; NotFound for all others."""
    side = SideConversation.objects.select_related("ticket", "opened_by").filter(pk=pk).first()
    if side is None:
        raise _nothing()
    access_ticket(user, side.ticket_id, can=May.WORK)
    return side


def sides_of(ticket: Ticket) -> Any:
    """Those of the ticket and of what was merged into it, the latest word first."""
    together = [ticket.number, *Ticket.objects.filter(merged_into=ticket).values_list("number", flat=True)]
    return SideConversation.objects.filter(ticket__in=together).select_related("ticket", "opened_by")


def access_side_file(user: User, pk: int) -> SideFile:
    file = SideFile.objects.select_related("message__conversation").filter(pk=pk).first()
    if file is None:
        raise _nothing()
    access_ticket(user, file.message.conversation.ticket_id, can=May.WORK)
    return file


def open_side(
    *,
    user: User,
    number: int,
    address: str,
    subject: str,
    body: str,
    now: datetime,
    name: str = "",
    uploads: Sequence[Upload] = (),
) -> SideConversation:
    """Begin to write with a third party; the text is signed as an answer to the customer would be."""
    ticket = access_ticket(user, number, can=May.WORK)
    return sides.open_side(
        ticket=ticket,
        by=user,
        address=address,
        name=name,
        subject=subject,
        body=_signed(body, user),
        uploads=uploads,
        now=now,
    )


def say_on_side(*, user: User, pk: int, body: str, now: datetime, uploads: Sequence[Upload] = ()) -> SideMessage:
    side = access_side(user, pk)
    return sides.say(side=side, by=user, body=_signed(body, user), uploads=uploads, now=now)


def access_message(user: User, pk: int) -> Message:
    """One that was written on a ticket on which this person works; NotFound for all others."""
    message = Message.objects.select_related("author", "ticket__requester").filter(pk=pk).first()
    if message is None:
        raise _nothing()
    access_ticket(user, message.ticket_id, can=May.WORK)
    return message


def forwardable(user: User, pk: int) -> Message:
    """A message that may leave the desk: one that its customer has seen. What is internal is never forwarded (R62)."""
    message = access_message(user, pk)
    if not message.is_public:
        raise _nothing()
    return message


def forwarded_text(message: Message) -> str:
    """What goes out of it, word for word: who wrote when, and the text; no address."""
    at = localtime(message.created_at).strftime("%Y-%m-%d %H:%M %Z")
    head = [
        _("---------- Forwarded message ----------"),
        _("From: %(name)s") % {"name": message.author.name if message.author else desk_name()},
        _("Date: %(at)s") % {"at": at},
        _("Subject: %(subject)s") % {"subject": message.ticket.subject},
    ]
    return "\n".join([*head, "", message.body])


def forward(
    *,
    user: User,
    message: int,
    address: str,
    subject: str,
    now: datetime,
    note: str = "",
    attachments: Sequence[int] = (),
) -> SideConversation:
    """Send a message on with what is chosen of its files; the answer comes back to a conversation of its own."""
    original = forwardable(user, message)
    chosen = [file for file in original.attachments.order_by("pk") if file.pk in attachments]
    if len(chosen) != len(set(attachments)):
        raise InvalidInput.of("attachments", _("These files are not all of this message."))
    words = [_signed(note, user)] if note.strip() else []
    return sides.open_side(
        ticket=original.ticket,
        by=user,
        address=address,
        subject=subject,
        body="\n\n".join([*words, forwarded_text(original)]),
        uploads=[Upload(file.name, file.stored.open("rb").read()) for file in chosen],
        kind="mail.forwarded",
        now=now,
    )


@transaction.atomic
def add_follower(*, user: User, message: int, address: str, now: datetime) -> str:
    """Make somebody a watcher who was in copy of a message; his name. A copy alone gives no access (SECURITY).

    A colleague becomes a watcher like any other; whoever is not of the desk gets its answers by mail.
    """
    said = access_message(user, message)
    ticket = lock_workable(said.ticket_id)
    known = {one["address"]: one["name"] for one in said.mail.people} if hasattr(said, "mail") else {}
    address = address.strip().lower()
    if address not in known or is_own_address(address) or address == ticket.requester.email.lower():
        raise InvalidInput.of("address", _("Nobody of this address is in copy of this message."))
    person = find_or_create_customer(email=address, name=known[address])
    if person.is_agent:
        if not who_see(ticket).filter(pk=person.pk).exists():
            raise Refused(_("%(name)s may not see this ticket.") % {"name": person.name})
        watching.watch(ticket=ticket, user=person)
    else:
        Follower.objects.get_or_create(ticket=ticket, person=person, defaults={"added_by": user, "added_at": now})
    timeline.record(ticket, "mail.follower_added", now=now, actor=user, whom=person.name)
    return person.name


@transaction.atomic
def remove_follower(*, user: User, pk: int, now: datetime) -> Follower:
    row = Follower.objects.select_related("person").filter(pk=pk).first()
    if row is None:
        raise _nothing()
    ticket = lock_workable(access_ticket(user, row.ticket_id, can=May.WORK).number)
    row.delete()
    timeline.record(ticket, "mail.follower_removed", now=now, actor=user, whom=row.person.name)
    return row


@transaction.atomic
def say_it_works(*, user: User, number: int, now: datetime) -> str:
    """The customer's address is right after all; the address."""
    ticket = lock_workable(access_ticket(user, number, can=May.WORK).number)
    address = ticket.requester.email
    if records.clear_failing(address, now=now, by=user):
        timeline.record(ticket, "mail.cleared", now=now, actor=user, address=address)
    return address


def letterheads(*, user: User) -> list[tuple[Team, Letterhead]]:
    """Every team with how it writes, which may be like the desk."""
    _check_admin(user)
    known = {row.team_id: row for row in Letterhead.objects.all()}
    return [(team, known.get(team.pk) or Letterhead(team=team)) for team in Team.objects.order_by("name")]


@transaction.atomic
def save_letterhead(*, user: User, slug: str, given: Mapping[str, str]) -> Letterhead:
    """Raises InvalidInput on the field that is wrong; nothing given at all is “like the desk”."""
    _check_admin(user)
    team = Team.objects.select_for_update().filter(slug=slug).first()
    if team is None:
        raise _nothing()
    row = Letterhead.objects.filter(team=team).first() or Letterhead(team=team)
    before = _as_said(row)
    row.address = _own_address(given.get("address", ""), row)
    row.name = flatten(given.get("name", ""), limit=80)
    signature = given.get("signature", "")
    row.signature = many_lines(signature, field="signature", limit=SIGNATURE_LIMIT) if signature.strip() else ""
    row.language = _language(given.get("language", ""))
    row.save()
    audit.record_change(by=user, subject=LETTERS % {"team": team}, before=before, after=_as_said(row), of=row)
    return row


def _as_said(row: Letterhead) -> dict[str, str]:
    return {name: getattr(row, name) for name in ("address", "name", "signature", "language")}


def _own_address(address: str, row: Letterhead) -> str:
    address = address.strip().lower()
    if not address:
        return ""
    try:
        validate_email(address)
    except ValidationError:
        raise InvalidInput.of("address", _("This is not an e-mail address.")) from None
    local = address.partition("@")[0]
    if "+" in local or len(address) > 150:
        raise InvalidInput.of("address", _("Give an address without a plus: that is where the desk puts its mark."))
    if Letterhead.objects.filter(address=address).exclude(pk=row.pk).exists():
        raise InvalidInput.of("address", _("Another team writes from this address."))
    if User.objects.at_address(address).exists():
        raise InvalidInput.of("address", _("This is the address of a person."))
    return address


def _language(code: str) -> str:
    if code and code not in dict(settings.LANGUAGES):
        raise InvalidInput.of("language", _("There is no such language."))
    return code


def _signed(body: str, user: User) -> str:
    return signed(body.rstrip(), user) if body.strip() else body


def _check_admin(user: User) -> None:
    if not (user.is_active and user.role == Role.ADMIN):
        raise Refused(_("Only an administrator may do this."))


def _nothing() -> NotFound:
    return NotFound(_("There is nothing here for you."))
