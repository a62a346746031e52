"""What is done in a chat on a website. A visitor speaks as the customer of his one ticket, and does nothing else."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from common.errors import NotAllowedNow
from common.text import flatten, many_lines, readable
from people.models import User
from tickets import actions as tickets
from tickets import files
from tickets.enums import Channel, EventKind, MergeSide
from tickets.models import Event, Message, Ticket
from tickets.pace import check_pace
from visits import reading
from visits.askers import asker
from visits.enums import GONE_AFTER
from visits.models import Unread, Visit, Widget
from visits.pace import check_beginning
from visits.permissions import digest_of, new_word

# A chat's words are short; who has more to say attaches it.
SAY_LIMIT = 5_000
SUBJECT_WORDS = 80


@transaction.atomic
def begin(
    *,
    widget: Widget,
    body: str,
    network: str,
    language: str,
    now: datetime,
    name: str = "",
    email: str = "",
    known: User | None = None,
    attachments: Sequence[files.Upload] = (),
) -> tuple[Visit, str]:
    """The first words open a ticket; the visit, and the word by which its visitor is let in again.

    `known`: who has signed in and asks for himself; else what was typed is believed as far as a mail's From line.
    """
    check_beginning(widget, network, now=now)
    body = many_lines(body, field="body", limit=SAY_LIMIT)
    person = known or asker(email, name)
    check_pace(person, now)
    with override(language):
        subject = _subject(body)
    ticket = tickets.open_ticket(
        subject=subject,
        body=body,
        requester=person,
        now=now,
        channel=Channel.CHAT,
        team=widget.team,
        attachments=attachments,
    )
    word = new_word()
    visit = Visit.objects.create(
        widget=widget,
        ticket=ticket,
        digest=digest_of(word),
        is_proved=known is not None,
        language=language,
        network=network,
        began_at=now,
        seen_at=now,
    )
    Unread.objects.create(visit=visit)
    return visit, word


@transaction.atomic
def say(*, visit: Visit, body: str, now: datetime, attachments: Sequence[files.Upload] = ()) -> Message:
    """The visitor's next words; what he had typed so far has become them."""
    body = many_lines(body, field="body", limit=SAY_LIMIT)
    ticket = visit.ticket
    if ticket.merged_into_id is not None:
        raise NotAllowedNow(_("This chat goes on by e-mail: answer the last mail that you got from us."))
    check_pace(ticket.requester, now)
    message = tickets.customer_wrote(
        ticket=ticket,
        author=ticket.requester,
        body=body,
        now=now,
        attachments=attachments,
        channel=Channel.CHAT,
    )
    Visit.objects.filter(pk=visit.pk).update(draft="", draft_at=None, seen_at=now)
    return message


def keep_draft(*, visit: Visit, text: str, now: datetime) -> None:
    """What is being typed, cut where it is too long: whoever goes in mid-sentence has said so much."""
    text = readable(text, limit=SAY_LIMIT)
    Visit.objects.filter(pk=visit.pk).exclude(draft=text).update(draft=text, draft_at=now if text else None)


def be_here(*, visit: Visit, shown: int, now: datetime) -> None:
    """The chat is before his eyes, with all messages up to `shown`."""
    Visit.objects.filter(pk=visit.pk, seen_at__lt=now).update(seen_at=now)
    reading.has_read(visit, shown)


def end(*, visit: Visit, now: datetime) -> None:
    """Its word opens nothing any more; what he has not read goes by mail with the next round."""
    Visit.objects.filter(pk=visit.pk).update(digest=None, seen_at=min(visit.seen_at, now - GONE_AFTER))


def end_elsewhere(ticket: Ticket, events: Sequence[Event], *, now: datetime) -> None:
    """A visitor who has only typed an address is let in no more, once there is more than what was said in the chat.

    That is: the customer went on by mail, or another ticket was merged into this one. Else whoever began a chat with
    somebody's address would read what that person answers by mail, or had asked before.
    """
    written = [event.data["message"] for event in events if event.kind == EventKind.CUSTOMER_WROTE]
    was_joined = any(event.kind == EventKind.MERGED and event.data["side"] == MergeSide.IN for event in events)
    if not (written or was_joined):
        return
    visit = Visit.objects.filter(ticket=ticket.pk, is_proved=False).exclude(digest=None).first()
    if visit is None:
        return
    if was_joined or Message.objects.filter(pk__in=written).exclude(channel=Channel.CHAT).exists():
        end(visit=visit, now=now)


def _subject(body: str) -> str:
    line = flatten(body.partition("\n")[0])
    return line if len(line) <= SUBJECT_WORDS else f"{line[:SUBJECT_WORDS].rstrip()}…"
