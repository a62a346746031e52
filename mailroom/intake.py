"""Mail in: kept first, filed second (DESIGN §3.8).

`accept` commits the bytes in a transaction of their own before anybody is told that they are safe. Filing is a
second transaction, which also marks the row; a crash between the two leaves the row `received`, and `file_pending`
files it later. Whatever a mail is made of, it ends on a ticket or in the quarantine, where a person can read it.
Reading it is left to a process of its own (`mailroom.reader`), and done while no transaction is open.
"""

import hashlib
import logging
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, IntegrityError, InterfaceError, transaction
from django.utils.translation import gettext as _

from common import heartbeat, refusals
from common.errors import DomainError
from common.failpoints import Point, reach
from common.text import BODY_LIMIT
from mailroom import blocking, envelope, loops, threads
from mailroom.actions import send_receipt
from mailroom.enums import IntakeState
from mailroom.loops import Nature, Verdict
from mailroom.models import RawMessage
from mailroom.parse import ParsedMail, ParseError
from mailroom.reader import keeper
from mailroom.threads import Thread
from people.actions import find_or_create_customer
from people.models import User
from tickets import actions as tickets
from tickets.enums import Channel
from tickets.models import Ticket

logger = logging.getLogger(__name__)

# Whoever took a mail in has so long to file it before others try.
LEASE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=30)
TRIES = 8
MAILS_AN_HOUR = 40
# The connection, the lock, the disk: it may work the next time.
PASSING = (DatabaseError, InterfaceError, OSError)


class UnfiledError(Exception):
    """The mail is kept aside; the text is the reason, one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a mail came from: the address of the desk, and its place in that mailbox (RFC 9051, 2.3.1.1)."""

    mailbox_id: int | None = None
    uidvalidity: int | None = None
    uid: int | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A person's word that a mail may be filed, and where: on a ticket of his choice, or as mail is filed."""

    by: User
    onto: int | None = None


def accept(raw: bytes, *, now: datetime, origin: Origin | None = None) -> RawMessage:
    """Keep a mail and file it; a repeat gives the row of the first, and files nothing twice.

    Raises only what the database raises while the bytes are not yet safe; afterwards never.
    """
    kept = keep(raw, now=now, origin=origin)
    if kept.state != IntakeState.RECEIVED:
        return kept
    try:
        return file(kept.pk, now=now)
    except PASSING as error:
        logger.warning("What became of mail %d could not be read: %s", kept.pk, error)
        return kept


def keep(raw: bytes, *, now: datetime, origin: Origin | None = None, lease: timedelta = LEASE) -> RawMessage:
    """Commit the bytes, or find the row of the same mail. Raises what the database raises.

    Whoever keeps it files it; after the lease anybody does.
    """
    seen, origin = envelope.read(raw), origin or Origin()
    identity = {"message_id": seen.message_id, "digest": seen.digest}
    try:
        with transaction.atomic(durable=True):
            row = RawMessage.objects.create(
                **identity,
                **asdict(origin),
                raw=raw,
                size=len(raw),
                sender=seen.sender,
                subject=seen.subject,
                received_at=now,
                next_try_at=now + lease,
            )
            reach(Point.BEFORE_COMMIT)
    except IntegrityError:
        return RawMessage.objects.without_bytes().get(**identity)
    reach(Point.AFTER_COMMIT)
    return row


def set_aside(head: bytes, reason: str, *, now: datetime, origin: Origin, size: int = 0) -> RawMessage:
    """Tell in the quarantine of a mail that could not be brought here: its head, if there is one, and why."""
    seen = envelope.read(head)
    # Its place is part of what it is: two heads that cannot be read are two mails.
    digest = hashlib.sha256(f"{origin}".encode() + head).hexdigest()
    row, _made = RawMessage.objects.get_or_create(
        message_id=seen.message_id,
        digest=digest,
        defaults={
            **asdict(origin),
            "raw": head,
            "size": size or len(head),
            "sender": seen.sender,
            "subject": seen.subject,
            "received_at": now,
            "state": IntakeState.QUARANTINED,
            "reason": reason[:300],
        },
    )
    return row


@refusals.kept()
def file(pk: int, *, now: datetime, review: Review | None = None) -> RawMessage:
    """File one kept mail on a ticket, or quarantine it with the reason.

    `review` says that somebody with the right has read it: broken structure is read as far as it goes, and what
    looks like a program's mail is taken for a letter. Who may speak for whom stays as it is.
    """
    try:
        row = RawMessage.objects.get(pk=pk)
        if row.state == IntakeState.RECEIVED:
            parsed = keeper.read(bytes(row.raw), lenient=review is not None)
            with transaction.atomic():
                row = RawMessage.objects.without_bytes().select_for_update().get(pk=pk)
                if row.state == IntakeState.RECEIVED:
                    _file(row, parsed, now, review)
        return row
    except PASSING as error:
        logger.warning("Mail %d could not be filed yet: %s", pk, error)
        _postpone(pk, now, error)
    except (UnfiledError, ParseError, DomainError) as error:
        _quarantine(pk, str(error))
    except Exception as error:
        logger.exception("Mail %d could not be filed.", pk)
        _quarantine(pk, _("It met an error in this program: %(error)s.") % {"error": type(error).__name__})
    return RawMessage.objects.without_bytes().get(pk=pk)


def file_pending(*, now: datetime, at_once: bool = False) -> int:
    """File what a crash or a busy database left behind; returns how many are no longer pending.

    `at_once` does not wait for their moment. Each stands alone: one that fails delays no other.
    """
    rows = RawMessage.objects.pending() if at_once else RawMessage.objects.due(now)
    keys = list(rows.values_list("pk", flat=True))
    done = sum(file(pk, now=now).state != IntakeState.RECEIVED for pk in keys)
    heartbeat.beat("mailroom", now=now, filed=done)
    return done


def _file(row: RawMessage, parsed: ParsedMail, now: datetime, review: Review | None) -> None:
    nature = _nature(parsed)
    thread = threads.thread_of(parsed)
    pattern = "" if review else blocking.blocked_by(parsed.sender)
    if pattern:
        _drop(row, parsed, pattern)
        return
    _check_sender(parsed)
    if not review:
        _check_loop(parsed, nature, thread, row, now)
    row.ticket_number = _place(row, parsed, nature, thread, review, now)
    row.state = IntakeState.FILED
    row.sender = parsed.sender[:254]
    row.reason = _about(thread.foreign)
    row.save(update_fields=["state", "ticket_number", "sender", "reason"])


def _place(
    row: RawMessage, parsed: ParsedMail, nature: Verdict, thread: Thread, review: Review | None, now: datetime
) -> int:
    """Where it went: on the ticket that was chosen, on its own, or on a new one."""
    if review and review.onto:
        return _put_on(review.onto, parsed, review.by, now)
    if thread.number:
        return _continue(thread.number, parsed, now)
    return _open(row, parsed, nature.nature, now).number


def _drop(row: RawMessage, parsed: ParsedMail, pattern: str) -> None:
    """Kept and seen by nobody but those who look for it: no ticket, no answer."""
    row.state = IntakeState.DROPPED
    row.sender = parsed.sender[:254]
    row.reason = _("Its sender is blocked: %(pattern)s.") % {"pattern": pattern}
    row.save(update_fields=["state", "sender", "reason"])


def _nature(parsed: ParsedMail) -> Verdict:
    return loops.judge(
        parsed.signs,
        sender=parsed.sender,
        message_id=parsed.message_id,
        own_address=threads.desk_address(),
        own_domain=settings.MAIL_DOMAIN,
    )


def _check_loop(parsed: ParsedMail, verdict: Verdict, thread: Thread, row: RawMessage, now: datetime) -> None:
    """Programs must not talk with each other through us (RFC 3834)."""
    if verdict.nature is Nature.ECHO:
        raise UnfiledError(verdict.reason)
    if verdict.nature is Nature.NOTICE and thread.number:
        raise UnfiledError(_("A program's mail does not speak on a ticket (#%(number)d).") % {"number": thread.number})
    recent = RawMessage.objects.filed_since(parsed.sender, now - timedelta(hours=1)).exclude(pk=row.pk)
    if recent.count() >= MAILS_AN_HOUR:
        raise UnfiledError(
            _("Its sender has sent more than %(limit)d mails within an hour.") % {"limit": MAILS_AN_HOUR}
        )


def _check_sender(parsed: ParsedMail) -> None:
    """Nobody is believed to work here because a From line says so (SECURITY, identity by e-mail)."""
    if loops.is_address_of_desk(parsed.sender, threads.desk_address()):
        raise UnfiledError(_("It bears the desk's own address."))
    person = User.objects.at_address(parsed.sender).first()
    if person is not None and person.is_agent:
        raise UnfiledError(_("It bears the address of somebody who works at the desk, and nothing proves who sent it."))
    if person is not None and not person.is_active:
        raise UnfiledError(_("The account of its sender is closed."))


def _continue(number: int, parsed: ParsedMail, now: datetime) -> int:
    """Add the mail to its ticket, or to the one that this was merged into; the number of where it is."""
    ticket = Ticket.objects.select_related("requester").get(number=number)
    message = tickets.customer_wrote(
        ticket=ticket,
        author=ticket.requester,
        body=_body(parsed.text, parsed),
        now=now,
        attachments=parsed.attachments,
        channel=Channel.EMAIL,
        external_id=parsed.message_id,
    )
    return message.ticket_id


def _put_on(number: int, parsed: ParsedMail, by: User, now: datetime) -> int:
    """The customer's own word; anybody else's is a note for colleagues, for nobody proves who wrote it."""
    requester = Ticket.objects.select_related("requester").get(number=number).requester
    if requester.email.lower() == parsed.sender:
        return _continue(number, parsed, now)
    words = _("Mail from %(sender)s, “%(subject)s”:") % {"sender": parsed.sender, "subject": parsed.subject}
    note = tickets.note(
        ticket=Ticket.objects.get(number=number),
        author=by,
        body=f"{words}\n\n{_body(parsed.full_text, parsed)}"[:BODY_LIMIT],
        now=now,
        attachments=parsed.attachments,
    )
    return note.ticket_id


def _open(row: RawMessage, parsed: ParsedMail, nature: Nature, now: datetime) -> Ticket:
    ticket = tickets.open_ticket(
        team=row.mailbox.team if row.mailbox else None,
        subject=parsed.subject or _("(no subject)"),
        body=_body(parsed.full_text, parsed),
        requester=find_or_create_customer(email=parsed.sender, name=parsed.sender_name),
        now=now,
        channel=Channel.EMAIL,
        attachments=parsed.attachments,
        external_id=parsed.message_id,
    )
    if nature is Nature.LETTER and loops.may_be_answered(parsed.signs):
        send_receipt(ticket, now=now)
    return ticket


def _body(text: str, parsed: ParsedMail) -> str:
    """The text, and a word on the files that were too many or too large to go with it."""
    if not parsed.left_out:
        return text or _("(no text)")
    names = ", ".join(parsed.left_out)[:1000]
    left_out = _("(Left out, and kept with the mail itself: %(names)s)") % {"names": names}
    return f"{text[:98_000]}\n\n{left_out}".strip()


def _about(foreign: int | None) -> str:
    if foreign is None:
        return ""
    return _("It answers a mail about #%(number)d that went to somebody else, so it has a ticket of its own.") % {
        "number": foreign
    }


def _quarantine(pk: int, reason: str) -> None:
    try:
        with transaction.atomic():
            RawMessage.objects.pending().filter(pk=pk).update(state=IntakeState.QUARANTINED, reason=reason[:300])
    except PASSING as error:
        # The row stays pending and is judged again, with the same result.
        logger.warning("Mail %d could not be quarantined yet: %s", pk, error)


def _postpone(pk: int, now: datetime, error: Exception) -> None:
    """Back off; what fails for ever ends in the quarantine, not in an endless round."""
    try:
        with transaction.atomic():
            row = RawMessage.objects.without_bytes().select_for_update().get(pk=pk)
            if row.state != IntakeState.RECEIVED:
                return
            row.attempts += 1
            row.next_try_at = now + min(LEASE * 2**row.attempts, LONGEST_PAUSE)
            if row.attempts >= TRIES:
                row.state = IntakeState.QUARANTINED
                row.reason = _("It could not be stored: %(error)s.") % {"error": type(error).__name__}
            row.save(update_fields=["attempts", "next_try_at", "state", "reason"])
    except PASSING as second:
        logger.warning("Mail %d stays pending: %s", pk, second)
