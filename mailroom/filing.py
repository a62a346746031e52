"""From a parsed mail to where it belongs: its ticket, a side conversation, a new ticket (DESIGN §2).

Who may speak for whom is decided here, and by nothing that a mail says of itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.conf import settings
from django.utils.translation import gettext as _

from common import at_hand
from common.text import BODY_LIMIT
from mailroom import authentication, loops, notices, records, returns, sides, threads
from mailroom.actions import send_receipt
from mailroom.known import Known
from mailroom.loops import Verdict
from mailroom.models import RawMessage
from mailroom.parse import ParsedMail
from mailroom.threads import Thread
from mailroom.verdicts import Nature, Trust
from notifications.models import Delivery
from people.models import User
from tickets import actions as tickets
from tickets.enums import Channel
from tickets.models import Message, Ticket
from tickets.opening import Opening

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
    """On which ticket, and what is to be said of it. None: it is dealt with, and belongs on no ticket."""

    number: int | None
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
    review: Review | None
    known: Known
    returned: Delivery | None = None
    """The mail of ours to whose return address it came."""

    @property
    def is_letter(self) -> bool:
        return self.review is not None or self.verdict.nature is Nature.LETTER

    @property
    def may_be_answered(self) -> bool:
        """By a program, which is to answer none (RFC 3834)."""
        a_person_wrote = self.verdict.nature is Nature.LETTER and self.trust is not Trust.FAILED
        return a_person_wrote and loops.may_be_answered(self.parsed.signs)

    @property
    def is_report(self) -> bool:
        return self.review is None and (self.verdict.nature is Nature.REPORT or self.returned is not None)

    @property
    def is_new(self) -> bool:
        """It is on nothing that there is."""
        where = self.thread.number or self.thread.side or (self.review and self.review.onto)
        return not where and not self.is_report

    @property
    def nature(self) -> Nature:
        """As it is filed: what somebody has read and taken for a letter is one."""
        return Nature.LETTER if self.is_letter else self.verdict.nature

    def keep(self, message: Message) -> None:
        records.keep(message, self.parsed, self.row, nature=self.nature, trust=self.trust, is_own=self.known.is_own)


def file_all(
    mails: Sequence[tuple[ParsedMail, RawMessage]], known: Known, *, now: datetime, review: Review | None = None
) -> list[Filed | UnfiledError]:
    """What became of each, in their order: UnfiledError, for which nothing is stored, where it waits for a person.

    What is new is opened together. Other errors are raised, and then the whole transaction must go.
    `review`: a person has read it. What looks like a program's mail is then a letter, and one that its domain
    denies is filed with a banner; who may speak for whom stays as it is.
    """
    found: dict[int, Filed | UnfiledError] = {}
    cases: dict[int, _Case] = {}
    for place, (parsed, row) in enumerate(mails):
        if review is None and returns.arrived(parsed, now=now):
            found[place] = Filed(None, _("It tried whether mail comes back to this mailbox, and it does."))
            continue
        try:
            cases[place] = _case(parsed, row, known, now, review)
        except UnfiledError as error:
            found[place] = error
    # In the order of their tickets, which are locked until the end: two who do this never wait for each other.
    for place, case in sorted(cases.items(), key=lambda item: item[1].thread.number or 0):
        if not case.is_new:
            found[place] = _tried(case)
    new = {place: case for place, case in cases.items() if case.is_new}
    found.update(zip(new, _open_all(list(new.values()), now), strict=True))
    for case in cases.values():
        _clear(case)
    return [found[place] for place in range(len(mails))]


def _case(parsed: ParsedMail, row: RawMessage, known: Known, now: datetime, review: Review | None) -> _Case:
    """Judged, with nothing stored."""
    verdict = loops.judge(
        parsed.signs,
        sender=parsed.sender,
        message_id=parsed.message_id,
        is_own=known.is_own,
        own_domain=settings.MAIL_DOMAIN,
    )
    returned = returns.letter_of(parsed) if review is None else None
    if returned is not None:
        verdict = returns.judged(verdict, parsed, returned)
        returned = None if verdict.nature is Nature.LETTER else returned
    trust = authentication.trust_in(parsed.results, sender=parsed.sender, servers=settings.MAIL_AUTHSERV_IDS)
    is_report = review is None and (verdict.nature is Nature.REPORT or returned is not None)
    thread = Thread() if is_report else threads.thread_of(parsed, known.talks)
    case = _Case(parsed, row, verdict, trust, thread, now, review, known, returned)
    if not is_report:
        _check_sender(case)
        if review is None:
            _check(case)
    known.count(parsed.sender, thread.number)
    return case


def _tried(case: _Case) -> Filed | UnfiledError:
    try:
        return _place(case)
    except UnfiledError as error:
        return error


def _place(case: _Case) -> Filed:
    """On what there is already."""
    thread, parsed = case.thread, case.parsed
    if case.is_report:
        filed = notices.file_report(
            parsed, case.row, returned=case.returned, nature=case.nature, now=case.now, is_own=case.known.is_own
        )
        return Filed(filed, case.verdict.reason) if case.returned else _filed(filed, case.verdict.reason)
    if case.review and case.review.onto:
        return Filed(_put_on(case, case.review.onto, case.review.by))
    if thread.side:
        number = sides.answered(pk=thread.side, parsed=parsed, nature=case.nature, trust=case.trust, now=case.now)
        return _filed(number, _("There have been too many of them within an hour."))
    if not case.is_letter:
        return _notice(case)
    return Filed(_continue(case, case.known.talks[thread.number or 0].ticket))


def _clear(case: _Case) -> None:
    """The address works: somebody has written from it, and filed or not, that was he."""
    sender = case.parsed.sender
    if case.is_letter and case.trust is not Trust.FAILED and sender in case.known.failing:
        records.clear_failing(sender, now=case.now)
        case.known.failing.discard(sender)


def _filed(number: int | None, otherwise: str) -> Filed:
    if number is None:
        raise UnfiledError(otherwise)
    return Filed(number)


def _check(case: _Case) -> None:
    """Programs must not talk with each other through us (RFC 3834), nor strangers for a customer."""
    if case.verdict.nature is Nature.ECHO or (case.verdict.nature is Nature.AWAY and case.is_new):
        raise UnfiledError(case.verdict.reason)
    if case.trust is Trust.FAILED and not case.is_new:
        raise UnfiledError(
            _("The domain of its sender denies having sent it (DMARC), and it would speak on a conversation.")
        )
    recent = case.known.recent[case.parsed.sender]
    if recent.total() >= MAILS_AN_HOUR:
        raise UnfiledError(
            _("Its sender has sent more than %(limit)d mails within an hour.") % {"limit": MAILS_AN_HOUR}
        )
    if case.thread.number and recent[case.thread.number] >= ON_ONE_TICKET:
        raise UnfiledError(
            _("Its sender has sent more than %(limit)d mails to #%(number)d within an hour.")
            % {"limit": ON_ONE_TICKET, "number": case.thread.number}
        )


def _check_sender(case: _Case) -> None:
    """Nobody is believed to work here because a From line says so (SECURITY, identity by e-mail).

    Proved by his domain he may ask like anybody; no mail ever acts as staff.
    """
    if case.known.is_own(case.parsed.sender):
        raise UnfiledError(_("It bears the desk's own address."))
    person = case.known.people.get(case.parsed.sender)
    if person is not None and person.is_agent and case.trust is not Trust.PASSED:
        raise UnfiledError(_("It bears the address of somebody who works at the desk, and nothing proves who sent it."))
    if person is not None and not person.is_active:
        raise UnfiledError(_("The account of its sender is closed."))


def _notice(case: _Case) -> Filed:
    ticket = case.known.talks[case.thread.number or 0].ticket
    filed = notices.file(
        ticket,
        case.parsed,
        case.row,
        nature=case.nature,
        trust=case.trust,
        now=case.now,
        is_own=case.known.is_own,
    )
    return _filed(filed, _("There have been too many of them within an hour."))


def _continue(case: _Case, ticket: Ticket) -> int:
    """Add the mail to its ticket, or to the one that this was merged into; the number of where it is."""
    parsed = case.parsed
    message = tickets.customer_wrote(
        ticket=ticket,
        # A watcher from outside speaks in his own name.
        author=case.known.people[parsed.sender],
        body=_body(parsed.text, parsed),
        now=case.now,
        attachments=parsed.attachments,
        channel=Channel.EMAIL,
        external_id=parsed.message_id,
        is_automatic=not case.may_be_answered,
    )
    case.keep(message)
    return message.ticket_id


def _put_on(case: _Case, number: int, by: User) -> int:
    """The customer's own word; anybody else's is a note for colleagues, for nobody proves who wrote it."""
    ticket, parsed = Ticket.objects.select_related("requester").get(number=number), case.parsed
    if case.known.people.get(parsed.sender) == ticket.requester:
        return _continue(case, ticket)
    words = _("Mail from %(sender)s, “%(subject)s”:") % {"sender": parsed.sender, "subject": parsed.subject}
    note = tickets.note(
        ticket=ticket,
        author=by,
        body=f"{words}\n\n{_body(parsed.full_text, parsed)}"[:BODY_LIMIT],
        now=case.now,
        attachments=parsed.attachments,
    )
    return note.ticket_id


def _open_all(cases: Sequence[_Case], now: datetime) -> list[Filed]:
    opened = tickets.open_tickets([_opening(case) for case in cases], now=now) if cases else []
    for case, ticket in zip(cases, opened, strict=True):
        case.keep(cast(Message, (at_hand.kept(ticket, "messages") or ())[0]))
        asked = case.known.asked[ticket.requester_id]
        asked[:] = [count + 1 for count in asked]
        if case.may_be_answered:
            send_receipt(ticket, now=now, asked=asked, style=case.known.style(ticket.team))
    return [Filed(ticket.number, _about(case.thread.foreign)) for case, ticket in zip(cases, opened, strict=True)]


def _opening(case: _Case) -> Opening:
    parsed = case.parsed
    return Opening(
        team=case.row.mailbox.team if case.row.mailbox else None,
        subject=parsed.subject or _("(no subject)"),
        body=_body(parsed.full_text, parsed),
        requester=case.known.customer(parsed),
        channel=Channel.EMAIL,
        attachments=parsed.attachments,
        external_id=parsed.message_id,
        is_automatic=not case.may_be_answered,
    )


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
