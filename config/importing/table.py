"""A CSV file as a source: a row is a ticket, or one more message of a ticket (docs/importing.md)."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from common.errors import InvalidInput
from common.text import SUBJECT_LIMIT
from config.importing.matters import (
    Found,
    Matter,
    Opening,
    Person,
    Refusal,
    SourceError,
    Words,
    address,
    choice,
    line,
    moment,
    text,
)
from tickets.enums import DONE_STATUSES, Channel, Priority, Status
from tickets.importing import Voice

REQUIRED = ("id", "requester_email", "subject", "body", "created_at")
OPTIONAL = (
    "kind", "ticket", "requester_name", "organisation", "status", "priority", "channel", "team", "assignee_email",
    "tags", "solved_at", "author_email", "author_name",
)  # fmt: skip
KINDS = ("ticket", *(voice.value for voice in Voice))
DELIMITERS = ",;\t"
KEY_LIMIT = 80
# Longer cells end the reading; what is only too long for a message is refused by its row.
LONGEST_CELL = 10_000_000

Row = dict[str, str]


@dataclass(slots=True)
class Table:
    """The file read through: what it holds, in its order, and the columns that nobody reads."""

    found: list[Found] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def read(path: Path, *, encoding: str, zone: ZoneInfo | None, now: datetime) -> Table:
    """Raises SourceError where the file as a whole cannot be used."""
    content = _content(path, encoding)
    # The header decides between comma, semicolon and tab.
    delimiter = max(DELIMITERS, key=content.partition("\n")[0].count)
    rows = csv.DictReader(io.StringIO(content, newline=""), restkey="", restval="", delimiter=delimiter)
    header = [(name or "").strip().lower() for name in rows.fieldnames or []]
    missing = [name for name in REQUIRED if name not in header]
    if missing and ("\0" in content[:1000] or not _is_text(content[:1000])):
        raise SourceError(f"{path.name} is no text in {_said(encoding)}; --encoding names another one, such as utf-16.")
    if missing:
        raise SourceError(f"{path.name} misses the column {', '.join(missing)}; it has {', '.join(header) or 'none'}.")
    rows.fieldnames = header
    reader = _Reader(zone, now, encoding)
    is_open, lines, begins = content.count('"') % 2 == 1, _lines(content), rows.line_num
    try:
        # A cell may hold several lines, so it is rows that are counted, the header first, as a spreadsheet does.
        for number, row in enumerate(rows, start=2):
            swallowed = rows.line_num - begins - 1 if is_open and rows.line_num == lines else 0
            reader.take(f"row {number}", row, swallowed)
            begins = rows.line_num
    except csv.Error as error:
        raise SourceError(f"{path.name}, line {rows.line_num}: {error}.") from None
    return Table(list(reader.found()), [name for name in header if name and name not in REQUIRED + OPTIONAL])


def _content(path: Path, encoding: str) -> str:
    """Bytes that are no text of this encoding stay in as lone surrogates, so that only their row is refused."""
    csv.field_size_limit(LONGEST_CELL)
    try:
        return path.read_bytes().decode(encoding, errors="surrogateescape")
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}.") from None
    except (LookupError, UnicodeError):
        raise SourceError(f"{path.name} cannot be read as {encoding}.") from None


def _lines(content: str) -> int:
    """As `csv` counts them."""
    return sum(1 for _line in io.StringIO(content, newline=""))


def _is_text(value: str) -> bool:
    """Whether all of it could be read: lone surrogates are printable in no encoding."""
    return value.isprintable() or not any("\ud800" <= sign <= "\udfff" for sign in value)


def _said(encoding: str) -> str:
    return encoding.removesuffix("-sig").upper()


class _Reader:
    """Collects matters by their keys; messages may stand before their ticket or after it."""

    def __init__(self, zone: ZoneInfo | None, now: datetime, encoding: str) -> None:
        self.zone = zone
        self.now = now
        self.encoding = encoding
        self.matters: dict[str, Matter] = {}
        self.seen: dict[str, str] = {}
        self.refusals: list[Refusal] = []
        self.refused: set[str] = set()

    def take(self, where: str, row: Row, swallowed: int = 0) -> None:
        """`swallowed`: how many lines up to the end of the file went into it, for want of a quotation mark."""
        cells = {name: value.strip() for name, value in row.items() if isinstance(value, str) and name}
        key = cells.get("id", "")
        try:
            if swallowed:
                raise InvalidInput.of("", f"A quotation mark is not closed; {swallowed} more lines went into this row.")
            if row.get(""):
                raise InvalidInput.of("", "The row has more cells than the header.")
            self._check_read(cells)
            self._take(where, line(key, "id", KEY_LIMIT), cells)
        except InvalidInput as error:
            self.refusals.append(Refusal(where, key[:KEY_LIMIT], str(error)))
            if cells.get("kind", "") in {"", "ticket"}:
                self.refused.add(key)

    def _check_read(self, cells: Row) -> None:
        for name, value in cells.items():
            if not _is_text(value):
                raise InvalidInput.of(name, f"{name}: no text in {_said(self.encoding)}; --encoding names another.")

    def found(self) -> Iterator[Found]:
        """Refused rows first; then each ticket with its words in the order of time."""
        yield from self.refusals
        for matter in self.matters.values():
            if matter.opening is None and matter.key in self.refused:
                why = f"Its ticket “{matter.key}” is refused."
                yield from (Refusal(words.where, words.key.partition(":")[2], why) for words in matter.words)
            else:
                matter.words.sort(key=lambda words: words.at)
                yield matter

    def _take(self, where: str, key: str, row: Row) -> None:
        kind = choice(row.get("kind", "") or "ticket", "kind", KINDS)
        name = f"{'ticket' if kind == 'ticket' else 'message'}:{key}"
        if name in self.seen:
            raise InvalidInput.of("id", f"The id “{key}” stands in {self.seen[name]} already.")
        if kind == "ticket":
            self._ticket(where, key, row)
        else:
            self._message(where, key, row, Voice(kind))
        self.seen[name] = where

    def _ticket(self, where: str, key: str, row: Row) -> None:
        requester = Person(address(row["requester_email"], "requester_email"), row.get("requester_name", ""))
        created_at = self._moment(row, "created_at")
        status = choice(row.get("status", "") or Status.NEW, "status", Status.values)
        done_at = self._moment(row, "solved_at") if row.get("solved_at") and status in DONE_STATUSES else None
        if done_at is not None and done_at < created_at:
            raise InvalidInput.of("solved_at", "solved_at: it lies before created_at.")
        opening = Opening(
            subject=line(row["subject"], "subject", SUBJECT_LIMIT),
            requester=requester,
            status=status,
            priority=choice(row.get("priority", "") or Priority.NORMAL, "priority", Priority.values),
            channel=choice(row.get("channel", "") or Channel.WEB, "channel", Channel.values),
            created_at=created_at,
            done_at=done_at,
            team=row.get("team", ""),
            assignee=self._colleague(row),
            organisation=row.get("organisation", ""),
            tags=tuple(line(tag, "tags", 40).casefold() for tag in row.get("tags", "").split(";") if tag.strip()),
        )
        request = Words(
            where, f"ticket:{key}:request", Voice.CUSTOMER, created_at, text(row["body"], "body"), requester
        )
        matter = self.matters.setdefault(key, Matter(where, key))
        matter.where, matter.opening = where, opening
        matter.words.append(request)

    def _message(self, where: str, key: str, row: Row, voice: Voice) -> None:
        ticket = line(row.get("ticket", ""), "ticket", KEY_LIMIT)
        email = row.get("author_email", "")
        author = Person(
            address(email, "author_email"), row.get("author_name", ""), colleague=voice is not Voice.CUSTOMER
        ) if email else None  # fmt: skip
        words = Words(
            where, f"message:{key}", voice, self._moment(row, "created_at"), text(row["body"], "body"), author
        )
        self.matters.setdefault(ticket, Matter(where, ticket)).words.append(words)

    def _colleague(self, row: Row) -> Person | None:
        email = row.get("assignee_email", "")
        return Person(address(email, "assignee_email"), colleague=True) if email else None

    def _moment(self, row: Row, name: str) -> datetime:
        return moment(row[name], name, self.zone, self.now)
