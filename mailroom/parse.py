"""From the bytes of a mail to what is known of it (RFC 5322, RFC 2045–2047, RFC 2231). Pure.

Everything is bounded: size, parts, nesting, headers, and the length of each header's value.
"""

import re
from dataclasses import dataclass
from email import errors
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32, compat32

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.text import BODY_LIMIT, SUBJECT_LIMIT, readable
from mailroom import headers, html, loops, quotes
from mailroom.bodies import Contents, Part, children_of, contents_of
from mailroom.invitations import Invitation, invitations_in
from mailroom.loops import Signs
from mailroom.reports import Report, report_of
from notifications.return_tokens import looks_returned
from tickets import uploads
from tickets.uploads import Upload

SIZE_LIMIT = 30 * 1024 * 1024
PARTS_LIMIT = 200
DEPTH_LIMIT = 20
HEAD_LIMIT = 1024 * 1024
HEADERS_LIMIT = 500
# A file's name and a boundary are short; the library's reading of parameters takes quadratic time.
PARAMETERS_LIMIT = 2_000

# Defects of structure: what follows them may be read wrongly or be missing. Others are everyday sloppiness.
BROKEN = {
    errors.NoBoundaryInMultipartDefect: gettext_lazy("it has parts, but no boundary between them"),
    errors.StartBoundaryNotFoundDefect: gettext_lazy("the boundary between its parts is never found"),
    errors.MultipartInvariantViolationDefect: gettext_lazy("it says that it has parts, and has none"),
    errors.CloseBoundaryNotFoundDefect: gettext_lazy("it ends in the middle of a part"),
    errors.MissingHeaderBodySeparatorDefect: gettext_lazy("a line in its head is no header"),
    errors.FirstHeaderLineIsContinuationDefect: gettext_lazy("it begins in the middle of a header"),
    errors.InvalidBase64LengthDefect: gettext_lazy("a part's base64 cannot be read"),
    errors.InvalidBase64CharactersDefect: gettext_lazy("a part's base64 cannot be read"),
}


NO_REPORT = Report()


class ParseError(Exception):
    """The mail cannot be read; the text is one sentence for a person."""


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """One mail. Texts are bounded, uniform and free of control characters; `sender` is in lower case."""

    message_id: str
    sender: str
    sender_name: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    text: str  # what the sender wrote above or between the quotation
    full_text: str
    references: tuple[str, ...]  # oldest first, In-Reply-To last
    signs: Signs
    attachments: tuple[Upload, ...]
    left_out: tuple[str, ...]  # names of files that were too many or too large to keep
    people: tuple[tuple[str, str], ...] = ()  # name and address of everybody it is addressed to
    results: str = ""  # the topmost Authentication-Results
    html: str = ""  # what of it may be shown
    inline: tuple[tuple[str, int], ...] = ()  # how the HTML calls which of the attachments
    invitations: tuple[Invitation, ...] = ()
    report: Report = NO_REPORT


def parse(raw: bytes, *, lenient: bool = False) -> ParsedMail:
    """Read a mail; ParseError with the reason when it is broken, unbounded, or names no single sender.

    `lenient` reads a structure that is broken as far as it goes: for a person who has looked at it.
    """
    check_size(raw)
    if not raw.strip():
        raise ParseError(_("It is empty."))
    if b"\x00" in raw and not lenient:
        raise ParseError(_("It holds NUL bytes, which no mail may."))
    try:
        return _read(raw, lenient=lenient)
    except ParseError:
        raise
    except MemoryError:
        # Said by whoever set the bound.
        raise
    except RecursionError as error:
        raise ParseError(_("Its parts are nested too deeply.")) from error
    except Exception as error:
        # The library answers strange mail with strange exceptions; none of them may stop the intake.
        raise ParseError(_("It cannot be read: %(error)s.") % {"error": type(error).__name__}) from error


def check_size(raw: bytes) -> None:
    """ParseError for a mail that is too large to be read at all; looks at the head's bytes only."""
    if len(raw) > SIZE_LIMIT:
        raise ParseError(_("It is larger than %(limit)d MB.") % {"limit": SIZE_LIMIT // 1024 // 1024})
    if _head_size(raw) > HEAD_LIMIT:
        raise ParseError(_("Its head is larger than %(limit)d MB.") % {"limit": HEAD_LIMIT // 1024 // 1024})


def _head_size(raw: bytes) -> int:
    """Where the first blank line is, looked for no further than a head may go."""
    seen = raw[: HEAD_LIMIT + 4]
    ends = [place for gap in (b"\n\n", b"\r\n\r\n") if (place := seen.find(gap)) >= 0]
    return min(ends, default=len(seen))


def _read(raw: bytes, *, lenient: bool) -> ParsedMail:
    message = _structure(raw)
    _check_depth(message)
    name, sender = _sender(message)
    signs = _signs(message)
    contents = contents_of(message)
    if not lenient:
        _check_defects(message)
    text = readable(contents.text, limit=BODY_LIMIT)
    to = _recipients(message, "To", "Delivered-To", "X-Original-To", "Envelope-To")
    is_returned = looks_returned(to)
    kept, left_out, inline = _affordable(contents)
    return ParsedMail(
        message_id=next(iter(headers.identifiers_of(message, "Message-ID")), ""),
        sender=sender,
        sender_name=name[:120],
        to=to,
        cc=_recipients(message, "Cc"),
        subject=headers.value_of(message, "Subject")[:SUBJECT_LIMIT].strip(),
        text=quotes.newest(text),
        full_text=text,
        references=headers.identifiers_of(message, "References") + headers.identifiers_of(message, "In-Reply-To"),
        signs=signs,
        attachments=kept,
        left_out=left_out,
        people=_people(message),
        results=next(iter(headers.values_of(message, "Authentication-Results")), ""),
        html=html.to_keep("\n<hr>\n".join(contents.htmls)),
        inline=inline,
        invitations=tuple(one for text in contents.calendars for one in invitations_in(text))[:5],
        report=report_of(message, is_returned=is_returned)
        if is_returned or loops.may_report(signs, sender)
        else NO_REPORT,
    )


class _BoundedPart(Message):
    """A part that refuses to grow without end while it is being parsed."""

    def set_raw(self, name: str, value: str) -> None:
        if len(self) >= HEADERS_LIMIT:
            raise ParseError(_("It has more than %(limit)d headers.") % {"limit": HEADERS_LIMIT})
        if name.lower().startswith("content-"):
            value = headers.repaired(value)[:PARAMETERS_LIMIT]
        super().set_raw(name, value)


def _structure(raw: bytes) -> Part:
    parts = 0

    def new_part(policy: Compat32 = compat32) -> _BoundedPart:
        nonlocal parts
        parts += 1
        if parts > PARTS_LIMIT:
            raise ParseError(_("It has more than %(limit)d parts.") % {"limit": PARTS_LIMIT})
        return _BoundedPart(policy=policy)

    return BytesParser(new_part, policy=compat32).parsebytes(raw)


def _check_depth(message: Part) -> None:
    level: list[Part] = [message]
    for _depth in range(DEPTH_LIMIT):
        level = [child for part in level for child in children_of(part)]
        if not level:
            return
    raise ParseError(_("Its parts are nested too deeply."))


def _check_defects(message: Part) -> None:
    """Asked after the contents were decoded: broken base64 is noticed only then."""
    for part in message.walk():
        for defect in part.defects:
            reason = BROKEN.get(type(defect))
            if reason:
                raise ParseError(_("It is malformed: %(reason)s.") % {"reason": reason})


def _sender(message: Part) -> tuple[str, str]:
    """Name and address of the one author. Several, or none, cannot be answered and may be a disguise."""
    senders = headers.addresses_of(message, "From")
    if len({address for _name, address in senders}) > 1:
        raise ParseError(_("It names more than one sender."))
    if not senders:
        raise ParseError(_("It names no sender that can be answered."))
    return senders[0]


def _recipients(message: Part, *names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address for name in names for _display, address in headers.addresses_of(message, name)))


def _people(message: Part) -> tuple[tuple[str, str], ...]:
    """To and Cc, each address once."""
    found = {address: name for header in ("Cc", "To") for name, address in headers.addresses_of(message, header)}
    return tuple((name[:120], address) for address, name in found.items())


def _signs(message: Part) -> Signs:
    def value(name: str) -> str:
        return headers.value_of(message, name).lower()

    return Signs(
        auto_submitted=re.split(r"[;\s]", value("Auto-Submitted"), maxsplit=1)[0],
        precedence=value("Precedence"),
        suppress=value("X-Auto-Response-Suppress"),
        auto_reply=bool(value("X-Autoreply") or value("X-Autorespond") or value("X-Autorespond-To")),
        is_list=any(name in message for name in ("List-Id", "List-Post")),
        return_path=value("Return-Path") if "Return-Path" in message else None,
        is_report=message.get_content_type() == "multipart/report",
        hops=len(message.get_all("Received", [])),
        subject=value("Subject")[:200],
        is_answer="In-Reply-To" in message or "References" in message,
    )


def _affordable(contents: Contents) -> tuple[tuple[Upload, ...], tuple[str, ...], tuple[tuple[str, int], ...]]:
    """What may go with one message, the names of what may not, and what the HTML calls which of the former.

    A mail is not refused for its files.
    """
    fitting = [n for n, upload in enumerate(contents.files) if len(upload.content) <= uploads.SIZE_LIMIT]
    kept = fitting[: uploads.COUNT_LIMIT]
    return (
        tuple(contents.files[n] for n in kept),
        tuple(upload.name for n, upload in enumerate(contents.files) if n not in kept),
        tuple((contents.names[n], place) for place, n in enumerate(kept) if contents.names[n]),
    )
