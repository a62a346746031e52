"""What a source of tickets hands over: checked in every field, or refused with one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from common.errors import InvalidInput
from common.text import many_lines, one_line
from tickets.files import Upload
from tickets.importing import Voice


class SourceError(Exception):
    """The source cannot be read at all; one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that is not taken: where it stands over there, its key, and why."""

    where: str
    key: str
    why: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody by address; `colleague` where he worked at the other desk."""

    email: str
    name: str = ""
    colleague: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """One message. Without an author nobody is known to have said it."""

    where: str
    key: str
    voice: Voice
    at: datetime
    body: str
    author: Person | None = None
    external_id: str = ""
    attachments: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """The ticket itself. `team` is their name of it or our short one; `organisation` a name or short name of ours."""

    subject: str
    requester: Person
    status: str
    priority: str
    channel: str
    created_at: datetime
    done_at: datetime | None = None
    team: str = ""
    assignee: Person | None = None
    organisation: str = ""
    tags: tuple[str, ...] = ()
    watchers: tuple[str, ...] = ()


@dataclass(slots=True)
class Matter:
    """A ticket with its words, or without an opening only words for one that was imported before."""

    where: str
    key: str
    opening: Opening | None = None
    words: list[Words] = field(default_factory=list)


Found = Matter | Refusal


def line(value: str, name: str, limit: int) -> str:
    """One checked line; the sentence says which field was wrong. Raises InvalidInput."""
    try:
        return one_line(value, field=name, limit=limit)
    except InvalidInput as error:
        raise InvalidInput.of(name, f"{name}: {error}") from None


def text(value: str, name: str) -> str:
    """The same for a message."""
    try:
        return many_lines(value, field=name)
    except InvalidInput as error:
        raise InvalidInput.of(name, f"{name}: {error}") from None


def address(value: str, name: str) -> str:
    email = line(value, name, 254).lower()
    local, at, domain = email.partition("@")
    if not (local and at and domain) or " " in email or "@" in domain:
        raise InvalidInput.of(name, f"{name}: “{email[:60]}” is not an e-mail address.")
    return email


def choice(value: str, name: str, known: Sequence[str]) -> str:
    if value not in known:
        raise InvalidInput.of(name, f"{name}: there is no “{value[:40]}”; there are {', '.join(known)}.")
    return value


def moment(value: str, name: str, zone: ZoneInfo | None, now: datetime) -> datetime:
    """An instant from ISO 8601 text; without an offset it is read in `zone`, and refused where there is none."""
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        raise InvalidInput.of(name, f"{name}: “{value[:40]}” is not a date like 2026-11-18T10:00+01:00.") from None
    if found.tzinfo is None and zone is None:
        raise InvalidInput.of(name, f"{name}: “{value[:40]}” has no zone; add one, or give --time-zone.")
    found = found.replace(tzinfo=zone) if found.tzinfo is None else found
    try:
        instant = found.astimezone(UTC)
    except OverflowError:
        raise InvalidInput.of(name, f"{name}: “{value[:40]}” is outside of the calendar.") from None
    if instant > now:
        raise InvalidInput.of(name, f"{name}: “{value[:40]}” lies in the future.")
    return instant
