"""How an answer finds its ticket: by a token that only the desk can make, never by the subject (SECURITY).

A token is an HMAC over ticket and recipient. It stands in the Message-ID of what we send and in its Reply-To. It
opens the way only to the person it was made for, and only while that person is the ticket's customer: who learns
of a token, or copies a Message-ID, gains nothing. A mail with somebody else's token opens a ticket of its own
(a colleague answered, or the customer wrote from another address), since leaving it unread would be worse.
"""

import base64
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.utils.crypto import salted_hmac

from mailroom.parse import ParsedMail
from tickets.models import Ticket

SALT = "mailroom.threads"
TOKEN_BYTES = 16

_TOKEN = re.compile(r"(?P<number>[1-9]\d{0,17})-[a-z2-7]{26}")


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a mail belongs: to a ticket, to none, or to one (`foreign`) that is not its sender's."""

    number: int | None = None
    foreign: int | None = None


def token_for(ticket_number: int, address: str) -> str:
    """The token of one ticket for one person: lower case, fit for the left side of an address (RFC 5321)."""
    return _token(ticket_number, address, settings.SECRET_KEY)


def reply_address(token: str) -> str:
    """`support+<token>@…`: mail programs that lose References still answer to it."""
    local, _at, domain = desk_address().rpartition("@")
    return f"{local}+{token}@{domain}"


def desk_address() -> str:
    """The address that the desk writes from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower()


def ticket_of(parsed: ParsedMail) -> int | None:
    """The number of the ticket that the mail may speak on, or None."""
    return thread_of(parsed).number


def thread_of(parsed: ParsedMail) -> Thread:
    """The nearest token decides: References from the right, In-Reply-To being their end, then the plus-address."""
    foreign = None
    for token in _tokens_in(parsed):
        number = int(token.split("-")[0])
        requester = _customer_of(number)
        if requester is None:
            continue
        if requester.lower() == parsed.sender and _is_for(token, number, parsed.sender):
            return Thread(number=number)
        if foreign is None and _is_for(token, number, requester):
            foreign = number
    return Thread(foreign=foreign)


def _customer_of(number: int) -> str | None:
    """The address of the ticket's customer; None where no word can be added, for nobody reads on in the trash."""
    ticket = Ticket.objects.select_related("requester", "merged_into").filter(number=number).first()
    where = ticket
    while where is not None and where.merged_into is not None:
        where = where.merged_into
    return ticket.requester.email if ticket and where and where.trashed_at is None else None


def _tokens_in(parsed: ParsedMail) -> Iterator[str]:
    """Everything that looks like a token, each once; nothing is verified yet."""
    identifiers = [identifier.strip("<>").partition("@")[0].partition(".")[2] for identifier in parsed.references]
    pluses = [address.rpartition("@")[0].partition("+")[2] for address in (*parsed.to, *parsed.cc)]
    for candidate in dict.fromkeys([*reversed(identifiers), *pluses]):
        if _TOKEN.fullmatch(candidate.lower()):
            yield candidate.lower()


def _is_for(token: str, number: int, address: str) -> bool:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(hmac.compare_digest(token, _token(number, address, secret)) for secret in secrets)


def _token(number: int, address: str, secret: str | bytes) -> str:
    digest = salted_hmac(SALT, f"{number}:{address.lower()}", secret=secret, algorithm="sha256").digest()
    return f"{number}-{base64.b32encode(digest[:TOKEN_BYTES]).decode().rstrip('=').lower()}"
