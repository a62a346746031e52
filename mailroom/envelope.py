"""What can be told of a mail before it is parsed, whatever it is made of. Never fails. Pure."""

import hashlib
import re
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from email.policy import compat32

from mailroom import headers

HEAD_LIMIT = 64 * 1024

# Lines that servers add on the way: a second delivery of one mail differs in these alone.
TRACES = re.compile(
    rb"(?im)^(?:received|return-path|delivered-to|x-original-to|envelope-to|authentication-results|received-spf"
    rb"|dkim-signature|arc-[a-z-]{1,40}|x-spam-[a-z-]{1,40}|x-google-[a-z-]{1,40})[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*"
)


@dataclass(frozen=True, slots=True)
class Envelope:
    message_id: str
    digest: str
    sender: str
    subject: str


def read(raw: bytes) -> Envelope:
    """A first look, enough to recognise a repeat and to show an unreadable mail in a list."""
    message_id, sender, subject = _first_look(raw[:HEAD_LIMIT])
    return Envelope(message_id, fingerprint(raw, whole=not message_id), sender, subject)


def fingerprint(raw: bytes, *, whole: bool) -> str:
    """SHA-256 of the mail; unless `whole`, without what servers write on it on the way."""
    uniform = raw.replace(b"\r\n", b"\n")
    head, gap, body = uniform.partition(b"\n\n")
    if not whole:
        head = TRACES.sub(b"", head + b"\n")
    return hashlib.sha256(head + gap + body).hexdigest()


def _first_look(head: bytes) -> tuple[str, str, str]:
    try:
        message = BytesHeaderParser(policy=compat32).parsebytes(head)
        senders = headers.addresses_of(message, "From")
        return (
            next(iter(headers.identifiers_of(message, "Message-ID")), ""),
            senders[0][1] if senders else "",
            headers.value_of(message, "Subject")[:200].strip(),
        )
    except Exception:
        # The library fails in many ways, and none of them may keep a mail from being kept.
        return "", "", ""
