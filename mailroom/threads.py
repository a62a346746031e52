"""How an answer finds its ticket: by a token that only the desk can make, never by the subject (SECURITY).

A token is an HMAC over ticket and recipient. It stands in the Message-ID of what we send and in its Reply-To. It
opens the way only to the person it was made for, and only while that person takes part: the ticket's customer, or
somebody whom an agent made a watcher of it. Who learns of a token, or copies a Message-ID, gains nothing. A mail with
somebody else's token opens a ticket of its own (a colleague answered, or the customer wrote from another address),
since leaving it unread would be worse.

A side conversation has tokens of another kind: what leads to it leads to no ticket, and the other way round.
"""

import base64
import hmac
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.utils.crypto import salted_hmac

from mailroom.models import Follower, Letterhead, Mailbox, SideConversation
from mailroom.parse import ParsedMail
from notifications.models import Delivery
from people.models import Alias
from tickets.models import Ticket

SALT = "mailroom.threads"
SIDE_SALT = "mailroom.sides"
TOKEN_BYTES = 16

_TOKEN = re.compile(r"(?P<side>s?)(?P<number>[1-9]\d{0,17})-[a-z2-7]{26}")
_LETTER = re.compile(r"<(?P<row>\d{1,18})\.(?P<token>[a-z0-9-]{1,60})@(?P<domain>[^>]+)>")


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a mail belongs: to a ticket, a side conversation, to none, or to a ticket (`foreign`) not its sender's."""

    number: int | None = None
    foreign: int | None = None
    side: int | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """A ticket with its customer, and who may speak on it: each address, with all that are the same person's."""

    ticket: Ticket
    people: Mapping[str, frozenset[str]]


def token_for(ticket_number: int, address: str) -> str:
    """The token of one ticket for one person: lower case, fit for the left side of an address (RFC 5321)."""
    return _token(SALT, ticket_number, address, settings.SECRET_KEY)


def side_token_for(conversation: int, address: str) -> str:
    """The token of one side conversation for the third party."""
    return f"s{_token(SIDE_SALT, conversation, address, settings.SECRET_KEY)}"


def reply_address(token: str, address: str = "") -> str:
    """`support+<token>@…`: mail programs that lose References still answer to it. `address`: a team's own."""
    local, _at, domain = (address or desk_address()).rpartition("@")
    return f"{local}+{token}@{domain}"


def desk_address() -> str:
    """The address that the desk writes from where no team has one of its own."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower()


def own_addresses() -> frozenset[str]:
    """Those that the desk writes from or that its mail comes to, in small letters."""
    letterheads = Letterhead.objects.exclude(address="").order_by().values_list("address", flat=True)
    mailboxes = Mailbox.objects.order_by().values_list("address", flat=True)
    return frozenset(address.casefold() for address in (desk_address(), *letterheads.union(mailboxes)))


def is_one_of(own: Collection[str], address: str) -> bool:
    """With or without a token after the plus."""
    local, _at, domain = address.casefold().rpartition("@")
    return f"{local.split('+')[0]}@{domain}" in own


def is_own_address(address: str) -> bool:
    return is_one_of(own_addresses(), address)


def ticket_of(parsed: ParsedMail) -> int | None:
    """The number of the ticket that the mail may speak on, or None."""
    return thread_of(parsed).number


def thread_of(parsed: ParsedMail, talks: Mapping[int, Talk] | None = None) -> Thread:
    """The nearest token decides: References from the right, In-Reply-To being their end, then the plus-address."""
    talks = talks_in([parsed]) if talks is None else talks
    foreign = None
    for token in _tokens_in(parsed):
        found = _read(token)
        if found["side"]:
            if _is_of_side(token, int(found["number"]), parsed.sender):
                return Thread(side=int(found["number"]))
            continue
        number = int(found["number"])
        people = talks[number].people if number in talks else {}
        if any(_is_for(token, number, own) for own in people.get(parsed.sender, ())):
            return Thread(number=number)
        if foreign is None and any(_is_for(token, number, person) for person in people):
            foreign = number
    return Thread(foreign=foreign)


def participants(number: int) -> frozenset[str]:
    talk = _talks({number}).get(number)
    return frozenset(talk.people) if talk else frozenset()


def talks_in(mails: Iterable[ParsedMail]) -> dict[int, Talk]:
    """The tickets that tokens in these mails name, true or not, by their numbers: three queries, or none."""
    found = (_read(token) for mail in mails for token in _tokens_in(mail))
    return _talks({int(one["number"]) for one in found if not one["side"]})


def _talks(numbers: Collection[int]) -> dict[int, Talk]:
    if not numbers:
        return {}
    tickets = Ticket.objects.select_related("requester", "merged_into", "team").filter(number__in=numbers)
    speakers = {ticket.number: {ticket.requester_id: ticket.requester.email} for ticket in tickets}
    following = Follower.objects.filter(ticket__in=numbers, person__is_active=True)
    for number, person, address in following.values_list("ticket_id", "person_id", "person__email"):
        speakers[number][person] = address
    before: defaultdict[int, list[str]] = defaultdict(list)
    whose = {person for people in speakers.values() for person in people}
    for person, address in Alias.objects.filter(person__in=whose).values_list("person_id", "address"):
        before[person].append(address)
    return {ticket.number: Talk(ticket, _addresses(ticket, speakers[ticket.number], before)) for ticket in tickets}


def _addresses(
    ticket: Ticket, speakers: Mapping[int, str], before: Mapping[int, list[str]]
) -> dict[str, frozenset[str]]:
    """Those, in small letters, that may speak on a ticket by mail; none where nobody reads on in the trash."""
    where = ticket
    while where.merged_into is not None:
        where = where.merged_into
    if where.trashed_at is not None:
        return {}
    own = [frozenset({email.lower(), *before.get(person, ())}) for person, email in speakers.items()]
    return {address: addresses for addresses in own for address in addresses}


def letter_of(identifiers: tuple[str, ...]) -> Delivery | None:
    """The letter of ours that one of the identifiers names: nobody else can know row, token and recipient."""
    for identifier in identifiers:
        found = _LETTER.fullmatch(identifier.lower())
        if found is None or found["domain"] != settings.MAIL_DOMAIN.lower():
            continue
        letter = Delivery.objects.filter(pk=int(found["row"])).exclude(thread_token="").first()
        if letter is not None and hmac.compare_digest(letter.thread_token, found["token"]):
            return letter
    return None


def thread_of_letter(letter: Delivery) -> Thread:
    """What a letter of ours was about, by its own token."""
    found = _TOKEN.fullmatch(letter.thread_token)
    if found is None:
        return Thread()
    return Thread(side=int(found["number"])) if found["side"] else Thread(number=int(found["number"]))


def _tokens_in(parsed: ParsedMail) -> Iterator[str]:
    """Everything that looks like a token, each once; nothing is verified yet."""
    identifiers = [identifier.strip("<>").partition("@")[0].partition(".")[2] for identifier in parsed.references]
    pluses = [address.rpartition("@")[0].partition("+")[2] for address in (*parsed.to, *parsed.cc)]
    for candidate in dict.fromkeys([*reversed(identifiers), *pluses]):
        if _TOKEN.fullmatch(candidate.lower()):
            yield candidate.lower()


def _read(token: str) -> dict[str, str]:
    found = _TOKEN.fullmatch(token)
    return found.groupdict() if found else {"side": "", "number": "0"}


def _is_of_side(token: str, pk: int, sender: str) -> bool:
    """Made for it, and sent by the one with whom it is, on a ticket that somebody still reads."""
    row = SideConversation.objects.filter(pk=pk, ticket__trashed_at=None).only("address").first()
    return row is not None and row.address.lower() == sender and _matches(token[1:], SIDE_SALT, pk, sender)


def _is_for(token: str, number: int, address: str) -> bool:
    return _matches(token, SALT, number, address)


def _matches(token: str, salt: str, number: int, address: str) -> bool:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(hmac.compare_digest(token, _token(salt, number, address, secret)) for secret in secrets)


def _token(salt: str, number: int, address: str, secret: str | bytes) -> str:
    digest = salted_hmac(salt, f"{number}:{address.lower()}", secret=secret, algorithm="sha256").digest()
    return f"{number}-{base64.b32encode(digest[:TOKEN_BYTES]).decode().rstrip('=').lower()}"
