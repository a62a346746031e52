"""From a parsed mail to where it belongs: its ticket, a side conversation, a new ticket (DESIGN §2).

Who may speak for whom is decided here, and by nothing that a mail says of itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from common.text import BODY_LIMIT
from mailroom import authentication, loops, notices, records, sides, threads
from mailroom.actions import send_receipt
from mailroom.loops import Verdict
from mailroom.models import RawMessage
from mailroom.parse import ParsedMail
from mailroom.threads import Thread
from mailroom.verdicts import Nature, Trust
from people.actions import find_or_create_customer
from people.models import User
from tickets import actions as tickets
from tickets.enums import Channel
from tickets.models import Message, Ticket

MAILS_AN_HOUR = 40
ON_ONE_TICKET = 20


class UnfiledError(Exception):
    """The mail is kept aside; the text is the reason, one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Review:
    """A person's word that a mail may be filed, and where: on a ticket of his choice, or as mail is filed."""

    by: User
    onto: int | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """On which ticket, and what is to be said of it."""

    number: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Case:
    """One mail, and all that was found out about it."""

    parsed: ParsedMail
    row: RawMessage
    verdict: Verdict
    trust: Trust
    thread: Thread
    now: datetime
    is_letter: bool

    @property
    def nature(self) -> Nature:
        """As it is filed: what somebody has read and taken for a letter is one."""
        return Nature.LETTER if self.is_letter else self.verdict.nature

    def keep(self, message: Message) -> None:
        records.keep(message, self.parsed, self.row, nature=self.nature, trust=self.trust)


def file(parsed: ParsedMail, row: RawMessage, *, now: datetime, review: Review | None = None) -> Filed:
    """Raises UnfiledError or a DomainError, with nothing stored, where it has to wait for a person's word.

    `review`: a person has read it. What looks like a program's mail is then a letter, and one that its domain
    denies is filed with a banner; who may speak for whom stays as it is.
    """
    verdict = _judged(parsed)
    trust = authentication.trust_in(parsed.results, sender=parsed.sender, servers=settings.MAIL_AUTHSERV_IDS)
    if verdict.nature is Nature.REPORT and not review:
        return _filed(notices.file_report(parsed, row, now=now), verdict.reason)
    is_letter = review is not None or verdict.nature is Nature.LETTER
    case = _Case(parsed, row, verdict, trust, threads.thread_of(parsed), now, is_letter)
    _check_sender(parsed, trust)
    if not review:
        _check(case)
    elif review.onto:
        return Filed(_put_on(case, review.onto, review.by))
    return _place(case)


def _place(case: _Case) -> Filed:
    thread, parsed = case.thread, case.parsed
    if thread.side:
        number = sides.answered(pk=thread.side, parsed=parsed, nature=case.nature, trust=case.trust, now=case.now)
        return _filed(number, _("There have been too many of them within an hour."))
    if thread.number and not case.is_letter:
        return _notice(case, thread.number)
    if case.nature is Nature.AWAY:
        raise UnfiledError(case.verdict.reason)
    number = _continue(case, thread.number) if thread.number else _open(case)
    if case.is_letter and case.trust is not Trust.FAILED:
        records.clear_failing(parsed.sender, now=case.now)
    return Filed(number, _about(thread.foreign))


def _judged(parsed: ParsedMail) -> Verdict:
    return loops.judge(
        parsed.signs,
        sender=parsed.sender,
        message_id=parsed.message_id,
        is_own=threads.is_own_address,
        own_domain=settings.MAIL_DOMAIN,
    )


def _filed(number: int | None, otherwise: str) -> Filed:
    if number is None:
        raise UnfiledError(otherwise)
    return Filed(number)


def _check(case: _Case) -> None:
    """Programs must not talk with each other through us (RFC 3834), nor strangers for a customer."""
    if case.verdict.nature is Nature.ECHO:
        raise UnfiledError(case.verdict.reason)
    if case.trust is Trust.FAILED and (case.thread.number or case.thread.side):
        raise UnfiledError(
            _("The domain of its sender denies having sent it (DMARC), and it would speak on a conversation.")
        )
    recent = RawMessage.objects.filed_since(case.parsed.sender, case.now - timedelta(hours=1)).exclude(pk=case.row.pk)
    if recent.count() >= MAILS_AN_HOUR:
        raise UnfiledError(
            _("Its sender has sent more than %(limit)d mails within an hour.") % {"limit": MAILS_AN_HOUR}
        )
    if case.thread.number and recent.filter(ticket_number=case.thread.number).count() >= ON_ONE_TICKET:
        raise UnfiledError(
            _("Its sender has sent more than %(limit)d mails to #%(number)d within an hour.")
            % {"limit": ON_ONE_TICKET, "number": case.thread.number}
        )


def _check_sender(parsed: ParsedMail, trust: Trust) -> None:
    """Nobody is believed to work here because a From line says so (SECURITY, identity by e-mail).

    Proved by his domain he may ask like anybody; no mail ever acts as staff.
    """
    if threads.is_own_address(parsed.sender):
        raise UnfiledError(_("It bears the desk's own address."))
    person = User.objects.at_address(parsed.sender).first()
    if person is not None and person.is_agent and trust is not Trust.PASSED:
        raise UnfiledError(_("It bears the address of somebody who works at the desk, and nothing proves who sent it."))
    if person is not None and not person.is_active:
        raise UnfiledError(_("The account of its sender is closed."))


def _notice(case: _Case, number: int) -> Filed:
    ticket = Ticket.objects.get(number=number)
    filed = notices.file(ticket, case.parsed, case.row, nature=case.nature, trust=case.trust, now=case.now)
    return _filed(filed, _("There have been too many of them within an hour."))


def _continue(case: _Case, number: int) -> int:
    """Add the mail to its ticket, or to the one that this was merged into; the number of where it is."""
    ticket = Ticket.objects.select_related("requester").get(number=number)
    parsed = case.parsed
    # A watcher from outside speaks in his own name.
    is_customer = ticket.requester.email.lower() == parsed.sender
    message = tickets.customer_wrote(
        ticket=ticket,
        author=ticket.requester if is_customer else User.objects.at_address(parsed.sender).get(),
        body=_body(parsed.text, parsed),
        now=case.now,
        attachments=parsed.attachments,
        channel=Channel.EMAIL,
        external_id=parsed.message_id,
    )
    case.keep(message)
    return message.ticket_id


def _put_on(case: _Case, number: int, by: User) -> int:
    """The customer's own word; anybody else's is a note for colleagues, for nobody proves who wrote it."""
    ticket, parsed = Ticket.objects.select_related("requester").get(number=number), case.parsed
    if ticket.requester.email.lower() == parsed.sender:
        return _continue(case, number)
    words = _("Mail from %(sender)s, “%(subject)s”:") % {"sender": parsed.sender, "subject": parsed.subject}
    note = tickets.note(
        ticket=ticket,
        author=by,
        body=f"{words}\n\n{_body(parsed.full_text, parsed)}"[:BODY_LIMIT],
        now=case.now,
        attachments=parsed.attachments,
    )
    return note.ticket_id


def _open(case: _Case) -> int:
    parsed, now = case.parsed, case.now
    ticket = tickets.open_ticket(
        team=case.row.mailbox.team if case.row.mailbox else None,
        subject=parsed.subject or _("(no subject)"),
        body=_body(parsed.full_text, parsed),
        requester=find_or_create_customer(email=parsed.sender, name=parsed.sender_name),
        now=now,
        channel=Channel.EMAIL,
        attachments=parsed.attachments,
        external_id=parsed.message_id,
    )
    case.keep(ticket.messages.get())
    a_person_wrote = case.verdict.nature is Nature.LETTER and case.trust is not Trust.FAILED
    if a_person_wrote and loops.may_be_answered(parsed.signs):
        send_receipt(ticket, now=now)
    return ticket.number


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
