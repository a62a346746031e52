"""What no person wrote, filed where it belongs: a report about a delivery, an automatic answer (RFC 3464, RFC 3834).

It moves nothing and is never answered. A report is believed where it names a letter of ours by an identifier that
nobody but its recipient and the servers on the way have seen.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from mailroom import records, sides, threads
from mailroom.models import RawMessage
from mailroom.parse import ParsedMail
from mailroom.verdicts import Nature, Trust
from notifications.actions import came_back, notify
from notifications.enums import AlertKind
from notifications.letters import Letter
from notifications.models import Delivery
from people.models import User
from tickets import notices as tickets
from tickets.models import Message, Ticket
from tickets.permissions import who_see

# More of them within an hour are a storm.
NOTICES_AN_HOUR = 5
LONGEST_TEXT = 4_000

_REPLY = re.compile(r"reply:(?P<pk>\d+)")
_LINES = {Nature.REPORT: "mail.reported", Nature.AWAY: "mail.away", Nature.NOTICE: "mail.noticed"}


def file_report(
    parsed: ParsedMail,
    row: RawMessage,
    *,
    now: datetime,
    is_own: Callable[[str], bool],
    returned: Delivery | None = None,
    nature: Nature = Nature.REPORT,
) -> int | None:
    """The number of the ticket whose letter it is about; None where that is about none, or names none of ours.

    `returned` is the mail to whose return address it came.
    """
    letter = returned or threads.letter_of(parsed.report.about)
    is_failure = parsed.report.is_failure and nature is Nature.REPORT
    if letter is not None and is_failure:
        came_back(letter, f"{parsed.report.status} {parsed.report.answer or parsed.subject}".strip(), now=now)
    thread = threads.thread_of_letter(letter) if letter else threads.Thread()
    if letter is not None and thread.side:
        return sides.failed(pk=thread.side, parsed=parsed, letter=letter, now=now)
    ticket = Ticket.objects.filter(number=thread.number or 0, trashed_at=None).first()
    if letter is None:
        return None
    number = None
    if ticket is not None:
        number = file(ticket, parsed, row, nature=nature, trust=Trust.UNCHECKED, now=now, is_own=is_own)
    if is_failure and ticket is not None:
        _mark(ticket, letter, parsed, now)
    elif is_failure and returned is not None:
        _mark_address(letter, parsed, now)
    return number


def file(
    ticket: Ticket,
    parsed: ParsedMail,
    row: RawMessage,
    *,
    nature: Nature,
    trust: Trust,
    now: datetime,
    is_own: Callable[[str], bool],
) -> int | None:
    """On its ticket, for colleagues; None where there have been too many of them."""
    lately = now - timedelta(hours=1)
    if Message.objects.filter(ticket=ticket, mail__nature__in=_LINES, created_at__gt=lately).count() >= NOTICES_AN_HOUR:
        return None
    is_report = nature is Nature.REPORT
    message = tickets.keep(
        ticket=ticket,
        author=None if is_report else User.objects.at_address(parsed.sender).first(),
        kind=_LINES[nature],
        body=(parsed.full_text if is_report else parsed.text)[:LONGEST_TEXT] or _("(no text)"),
        now=now,
        attachments=parsed.attachments,
        external_id=parsed.message_id,
        about=parsed.report.recipient or parsed.sender,
    )
    records.keep(message, parsed, row, nature=nature, trust=trust, is_own=is_own)
    return message.ticket_id


def _mark_address(letter: Delivery, parsed: ParsedMail, now: datetime) -> None:
    """Of a mail that is on no ticket: an alert, a sign-in link. The administrators hear of it."""
    report = parsed.report
    said = report.answer or parsed.subject
    if not records.mark_failing(address=letter.address, message=None, status=report.status, answer=said, now=now):
        return

    def compose(person: User) -> Letter:
        return Letter(
            kind=AlertKind.DELIVERY,
            title=_("A mail did not reach %(address)s") % {"address": letter.address},
            body=f"{report.status} {said}".strip(),
            path=f"/outbox/{letter.pk}/",
        )

    admins = list(User.objects.admins())
    notify(recipients=admins, compose=compose, dedupe=f"undelivered:{letter.pk}", now=now, by_mail=False)


def _mark(ticket: Ticket, letter: Delivery, parsed: ParsedMail, now: datetime) -> None:
    """The address is not reached; whoever wrote to it hears of it, else the owner."""
    found = _REPLY.match(letter.dedupe_key)
    reply = Message.objects.select_related("author").filter(pk=found["pk"]).first() if found else None
    report = parsed.report
    said = report.answer or parsed.subject
    if not records.mark_failing(address=letter.address, message=reply, status=report.status, answer=said, now=now):
        return
    writer = (reply.author if reply else None) or ticket.assignee
    told = who_see(ticket).filter(pk=writer.pk) if writer else who_see(ticket).none()

    def compose(person: User) -> Letter:
        return Letter(
            kind=AlertKind.DELIVERY,
            title=_("Your mail on #%(number)d did not reach %(address)s")
            % {"number": ticket.number, "address": letter.address},
            body=f"{report.status} {said}".strip(),
            path=f"/tickets/{ticket.number}/",
            ticket_number=ticket.number,
        )

    notify(recipients=list(told), compose=compose, dedupe=f"undelivered:{letter.pk}", now=now, by_mail=False)
