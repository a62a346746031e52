"""Reports about a delivery (RFC 3464), and what servers write that do not know the standard. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from common.text import flatten
from mailroom import headers
from mailroom.bodies import TEXT_LIMIT, Part, children_of
from mailroom.charsets import decode

FAILED, DELAYED = "failed", "delayed"
ACTIONS = frozenset({FAILED, DELAYED, "delivered", "relayed", "expanded"})
ANSWER_LIMIT = 300

# How servers that follow no standard begin the subject of a mail that comes back.
FAILURES = (
    "undeliver", "delivery failure", "delivery status notification (failure)", "delivery has failed",
    "mail delivery failed", "mail delivery failure", "failure notice", "returned mail", "message undeliverable",
    "unzustellbar", "nicht zustellbar", "zustellung fehlgeschlagen", "não entregue", "falha na entrega",
    "devolvido", "no se puede entregar", "no entregado", "error de entrega", "mensaje no entregado",
    "échec de la remise", "non remis", "échec de livraison", "mancato recapito", "impossibile recapitare",
    "onbestelbaar", "не доставлено", "недоставленное", "сообщение не доставлено", "nie dostarczono",
    "kan ikke leveres", "kunde inte levereras", "teslim edilemedi", "配信不能", "未送达", "退信", "반송",
)  # fmt: skip
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_RETURNED = re.compile(r"(?im)^[> \t]{0,8}message-id:[ \t]{0,8}(<[!-;=?-~]{1,250}>)")


@dataclass(frozen=True, slots=True)
class Report:
    """What a server says became of a mail; `about` are the identifiers of the mail, as far as they came back."""

    action: str = ""
    status: str = ""
    recipient: str = ""
    answer: str = ""
    about: tuple[str, ...] = ()

    @property
    def is_failure(self) -> bool:
        """For good: a server that tries again tells that it is late (RFC 3464, 2.3.3)."""
        return self.action == FAILED and not self.status.startswith(("2", "4"))


def report_of(message: Part, *, is_returned: bool = False) -> Report:
    """What can be read of it; of several recipients the first for whom it failed.

    `is_returned`: it came to a return address, so that a failure need not say that it is one.
    """
    parts = [part for part in message.walk() if not part.is_multipart() or _is(part, "message/delivery-status")]
    said = [_said(block) for part in parts if _is(part, "message/delivery-status") for block in children_of(part)]
    told = sorted((one for one in said if one.action), key=lambda one: one.action != FAILED)
    found = told[0] if told else _unkempt(message, is_returned=is_returned)
    about = dict.fromkeys(identifier for part in message.walk() for identifier in _returned(part))
    return Report(found.action, found.status, found.recipient, found.answer, tuple(about))


def _said(block: Message) -> Report:
    """One recipient's fields."""
    action = headers.value_of(block, "Action").casefold().strip()
    status = _STATUS.search(headers.value_of(block, "Status"))
    answer = headers.value_of(block, "Diagnostic-Code").partition(";")[2]
    who = headers.value_of(block, "Final-Recipient") or headers.value_of(block, "Original-Recipient")
    return Report(
        action=action if action in ACTIONS else "",
        status=status[1] if status else "",
        recipient=who.partition(";")[2].strip().casefold()[:254],
        answer=flatten(answer, limit=ANSWER_LIMIT),
    )


def _unkempt(message: Part, *, is_returned: bool) -> Report:
    """Told by its subject, or by where it came to, with the code that its text holds."""
    subject = headers.value_of(message, "Subject").casefold()
    if not is_returned and not any(words in subject for words in FAILURES):
        return Report()
    text = next((text for part in message.walk() if (text := _text(part))), "")
    status = _STATUS.search(text)
    line = next((line for line in text.splitlines() if status and status[1] in line), "")
    return Report(FAILED, status[1] if status else "", "", flatten(line, limit=ANSWER_LIMIT))


def _returned(part: Part) -> Iterator[str]:
    """The Message-ID of the mail that came back: as a mail of its own, as its head, or in the text."""
    if _is(part, "message/rfc822"):
        yield from (found for child in children_of(part) for found in headers.identifiers_of(child, "Message-ID"))
    elif _is(part, "text/rfc822-headers") or _is(part, "text/plain"):
        yield from _RETURNED.findall(_text(part))


def _text(part: Part) -> str:
    if part.is_multipart() or part.get_content_maintype() != "text":
        return ""
    content = part.get_payload(decode=True)
    return decode(content, None)[:TEXT_LIMIT] if isinstance(content, bytes) else ""


def _is(part: Part, kind: str) -> bool:
    return part.get_content_type() == kind
