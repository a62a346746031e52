"""Side conversations: what is written with a third party about a ticket, and comes back to nobody but colleagues.

A conversation has its own thread, its own signed address and its own rows: nothing of it is a message of the ticket,
so that nothing which shows a ticket to its customer can show it (R62, DESIGN §3.12).
"""

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.identity import default_language, desk_name
from common.text import many_lines, one_line
from mailroom.actions import as_enclosure, references
from mailroom.letterheads import style_of
from mailroom.models import SideConversation, SideFile, SideMessage
from mailroom.parse import ParsedMail
from mailroom.threads import is_own_address, reply_address, side_token_for
from mailroom.verdicts import Nature, Trust
from notifications import delivery
from notifications.actions import notify, post
from notifications.enums import AlertKind
from notifications.letters import Letter
from notifications.models import Delivery
from people.models import User
from tickets import actions as tickets
from tickets import files, timeline
from tickets.models import Ticket
from tickets.permissions import who_see

ANSWERS_AN_HOUR = 20
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"]{1,189}")
_LETTER = re.compile(r"side:(?P<pk>\d+)")


@transaction.atomic
def open_side(
    *,
    ticket: Ticket,
    by: User,
    address: str,
    subject: str,
    body: str,
    now: datetime,
    name: str = "",
    uploads: Sequence[files.Upload] = (),
    kind: str = "mail.side_opened",
) -> SideConversation:
    """Begin one, with its first letter. InvalidInput where something of it cannot be sent; then nothing is stored."""
    address = _checked(address, ticket)
    subject = one_line(subject, field="subject")
    ticket = tickets.lock_workable(ticket.number)
    side = SideConversation.objects.create(
        ticket=ticket,
        subject=subject,
        address=address,
        name=one_line(name, field="name", limit=120) if name.strip() else "",
        opened_by=by,
        opened_at=now,
        last_at=now,
    )
    _write(side, by, body, now, uploads)
    timeline.record(ticket, kind, now=now, actor=by, whom=side.who, subject=subject)
    return side


@transaction.atomic
def say(
    *, side: SideConversation, by: User, body: str, now: datetime, uploads: Sequence[files.Upload] = ()
) -> SideMessage:
    """One more letter of ours."""
    ticket = tickets.lock_destination(side.ticket)
    side = SideConversation.objects.select_for_update(of=("self",)).get(pk=side.pk)
    message = _write(side, by, body, now, uploads)
    side.last_at, side.is_answered = now, False
    side.save(update_fields=["last_at", "is_answered"])
    timeline.record(ticket, "mail.side_wrote", now=now, actor=by, whom=side.who)
    return message


@transaction.atomic
def answered(*, pk: int, parsed: ParsedMail, nature: Nature, trust: Trust, now: datetime) -> int | None:
    """The third party's mail, put where it belongs; the ticket's number, or None where there were too many of them.

    What a program sent is kept as that, and nobody is alerted.
    """
    ticket = tickets.lock_destination(SideConversation.objects.select_related("ticket").get(pk=pk).ticket)
    side = SideConversation.objects.select_for_update(of=("self",)).get(pk=pk)
    lately = side.messages.filter(by_them=True, created_at__gt=now - timedelta(hours=1))
    if lately.count() >= ANSWERS_AN_HOUR:
        return None
    message = SideMessage.objects.create(
        conversation=side,
        by_them=True,
        nature=nature,
        trust=trust,
        body=parsed.text or _("(no text)"),
        created_at=now,
        external_id=parsed.message_id,
    )
    _attach(message, parsed.attachments)
    side.last_at, side.is_answered = now, nature is Nature.LETTER
    side.save(update_fields=["last_at", "is_answered"])
    timeline.record(ticket, "mail.side_answered", now=now, whom=side.who)
    if nature is Nature.LETTER:
        _tell(side, ticket, message, _("%(name)s answered about #%(number)d"), now)
    return ticket.number


@transaction.atomic
def failed(*, pk: int, parsed: ParsedMail, letter: Delivery, now: datetime) -> int | None:
    """A server's word that a letter of ours did not arrive; None where it is no letter of this conversation."""
    found = _LETTER.fullmatch(letter.dedupe_key)
    message = SideMessage.objects.filter(pk=found["pk"], conversation=pk).first() if found else None
    if message is None:
        return None
    report, side = parsed.report, message.conversation
    ticket = tickets.lock_destination(side.ticket)
    if report.is_failure and not message.undelivered:
        message.undelivered = f"{report.status} {report.answer or parsed.subject}".strip()[:300]
        message.save(update_fields=["undelivered"])
        timeline.record(ticket, "mail.side_failed", now=now, whom=side.who)
        _tell(side, ticket, message, _("A mail to %(name)s about #%(number)d did not arrive"), now)
    return ticket.number


def _tell(side: SideConversation, ticket: Ticket, message: SideMessage, title: str, now: datetime) -> None:
    """Who began it and who owns the ticket, as far as they still see it."""
    people = (side.opened_by_id, message.author_id, ticket.assignee_id)
    concerned = {pk for pk in people if pk is not None}

    def compose(person: User) -> Letter:
        return Letter(
            kind=AlertKind.REPLY,
            title=title % {"name": side.who, "number": ticket.number},
            body=side.subject,
            path=f"/sides/{side.pk}/",
            ticket_number=ticket.number,
        )

    recipients = list(who_see(ticket).filter(pk__in=concerned))
    notify(recipients=recipients, compose=compose, dedupe=f"side:{message.pk}", now=now, by_mail=False)


def _write(side: SideConversation, by: User, body: str, now: datetime, uploads: Sequence[files.Upload]) -> SideMessage:
    """A letter of ours, kept and put into the outbox."""
    body = many_lines(body, field="body")
    files.check(uploads)
    if sum(upload.size for upload in uploads) > settings.MAIL_ATTACH_LIMIT:
        limit = settings.MAIL_ATTACH_LIMIT // 1024 // 1024
        raise InvalidInput.of("attachments", _("Together they are larger than %(limit)d MB.") % {"limit": limit})
    message = SideMessage.objects.create(conversation=side, author=by, body=body, created_at=now)
    _post(message, _attach(message, uploads))
    return message


def _post(message: SideMessage, attached: Sequence[SideFile]) -> None:
    side = message.conversation
    token, style = side_token_for(side.pk, side.address), style_of(side.ticket.team)
    language = style.language or default_language()
    author = message.author.name if message.author else desk_name()
    post(
        address=side.address,
        sender=style.sender,
        subject=side.subject if _is_first(message) else _("Re: %(subject)s") % {"subject": side.subject},
        dedupe=f"side:{message.pk}",
        now=message.created_at,
        template="side",
        context={
            "desk_name": desk_name(),
            "language": language,
            "body": message.body,
            "author": author,
            "signature": style.signature,
        },
        headers={**_thread_headers(side), "Reply-To": reply_address(token, style.address)},
        thread_token=token,
        files=[as_enclosure(file) for file in attached],
    )


def _is_first(message: SideMessage) -> bool:
    return not message.conversation.messages.exclude(pk=message.pk).exists()


def _thread_headers(side: SideConversation) -> dict[str, str]:
    theirs = side.messages.filter(by_them=True).exclude(external_id="").values_list("created_at", "external_id")
    keys = [f"side:{pk}" for pk in side.messages.filter(by_them=False).values_list("pk", flat=True)]
    ours = Delivery.objects.filter(dedupe_key__in=keys)
    return references([*theirs, *((letter.created_at, delivery.message_id(letter)) for letter in ours)])


def _attach(message: SideMessage, uploads: Sequence[files.Upload]) -> list[SideFile]:
    """The bytes are its own: what becomes of the message that they were taken from does not touch them."""
    made = []
    for upload in uploads:
        row = SideFile(
            message=message,
            name=files.safe_name(upload.name),
            content_type=files.type_of(upload.content),
            size=upload.size,
            sha256=hashlib.sha256(upload.content).hexdigest(),
        )
        row.stored.save(secrets.token_hex(16), ContentFile(upload.content), save=False)
        row.save()
        made.append(row)
    return made


def _checked(address: str, ticket: Ticket) -> str:
    """Not the desk itself, which would write to itself; not the customer, for whom the ticket is."""
    address = address.strip().lower()
    if not _ADDRESS.fullmatch(address):
        raise InvalidInput.of("address", _("This is not an e-mail address."))
    if is_own_address(address):
        raise InvalidInput.of("address", _("This is the desk's own address."))
    if address == ticket.requester.email.lower():
        raise InvalidInput.of("address", _("This is the customer: answer on the ticket."))
    return address
