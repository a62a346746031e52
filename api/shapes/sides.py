"""Side conversations as the API shows them, to those who work at the desk alone."""

from typing import Annotated, TypedDict

from api.ask import Links, instant
from api.shapes.basic import Moment, Url
from mailroom.models import SideConversation, SideFile, SideMessage
from mailroom.verdicts import Nature, Trust


class SideShape(TypedDict):
    """What is written with a third party about a ticket; `answered` where theirs is the last word."""

    id: int
    ticket: int
    subject: str
    address: str
    name: str
    opened_by: str | None
    opened_at: Moment
    last_at: Moment
    answered: bool
    letters: Url


class SideFileShape(TypedDict):
    id: int
    name: str
    content_type: str
    size: int
    url: Url


class SideLetterShape(TypedDict):
    """One letter of it; `author` is null for theirs. `trust`: what our mail server found out about its sender."""

    id: int
    by_third_party: bool
    author: str | None
    nature: Annotated[str, Nature]
    trust: Annotated[str, Trust] | None
    body: str
    at: Moment
    undelivered: str | None
    files: list[str]
    attachments: list[SideFileShape]


class SidePage(TypedDict):
    results: list[SideShape]
    next: Url | None


class SideLetterPage(TypedDict):
    results: list[SideLetterShape]
    next: Url | None


def side_shape(side: SideConversation, number: int, links: Links) -> SideShape:
    """`number`: of the ticket on which it is shown, which may have taken in the one that it began on."""
    return {
        "id": side.pk,
        "ticket": number,
        "subject": side.subject,
        "address": side.address,
        "name": side.name,
        "opened_by": side.opened_by.email if side.opened_by else None,
        "opened_at": instant(side.opened_at),
        "last_at": instant(side.last_at),
        "answered": side.is_answered,
        "letters": f"{links.origin}/api/v1/tickets/{number}/sides/{side.pk}/",
    }


def side_letter_shape(letter: SideMessage, number: int, links: Links) -> SideLetterShape:
    """Its author and files were fetched with it."""
    return {
        "id": letter.pk,
        "by_third_party": letter.by_them,
        "author": letter.author.email if letter.author else None,
        "nature": letter.nature,
        "trust": letter.trust or None,
        "body": letter.body,
        "at": instant(letter.created_at),
        "undelivered": letter.undelivered or None,
        "files": [file.name for file in letter.files.all()],
        "attachments": [_file(file, number, letter.conversation_id, links) for file in letter.files.all()],
    }


def _file(file: SideFile, number: int, side: int, links: Links) -> SideFileShape:
    return {
        "id": file.pk,
        "name": file.name,
        "content_type": file.content_type,
        "size": file.size,
        "url": f"{links.origin}/api/v1/tickets/{number}/sides/{side}/files/{file.pk}/",
    }
