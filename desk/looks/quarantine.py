"""What somebody needs to see of a mail that nobody could file: page by page, and one with its text and its head."""

from dataclasses import dataclass
from email.parser import BytesHeaderParser
from email.policy import compat32
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from mailroom import headers, source
from mailroom.models import RawMessage
from mailroom.parse import ParseError
from mailroom.reader import keeper
from mailroom.reader.limits import Limits

HANDLED_SHOWN = 20
HEAD_LIMIT = 64 * 1024
TEXT_LIMIT = 20_000
# A person waits for it, and it may be the very mail that cannot be read in a minute.
LIMITS = Limits(cpu=4.0, wall=6.0, idle=30.0)
SHOWN_HEADERS = (
    ("From", _("From")),
    ("To", _("To")),
    ("Cc", _("Copy to")),
    ("Reply-To", _("Answers to")),
    ("Subject", _("Subject")),
    ("Date", _("Date")),
    ("Return-Path", _("Returned to")),
    ("Authentication-Results", _("Checked by")),
    ("Auto-Submitted", _("Sent by a program")),
    ("Message-ID", _("Message-ID")),
)

_keeper = keeper.lasting(LIMITS)


class Header(NamedTuple):
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class MailLook:
    """`text` is what it says as a person reads it; None where even that cannot be read."""

    mail: RawMessage
    headers: list[Header]
    text: str | None
    files: list[str]
    source: str


def mail_look(mail: RawMessage, raw: bytes) -> MailLook:
    try:
        parsed = _keeper.read(raw, lenient=True)
        text, files = parsed.full_text[:TEXT_LIMIT], [upload.name for upload in parsed.attachments]
    except (ParseError, OSError):
        text, files = None, []
    return MailLook(mail, _headers(raw), text, files, source.as_text(raw))


def _headers(raw: bytes) -> list[Header]:
    try:
        message = BytesHeaderParser(policy=compat32).parsebytes(raw[:HEAD_LIMIT])
        found = [(words, headers.value_of(message, name)) for name, words in SHOWN_HEADERS]
    except Exception:
        # The library fails in many ways; the source below is shown all the same.
        return []
    return [Header(str(words), value[:1000]) for words, value in found if value]
