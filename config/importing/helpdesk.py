"""django-helpdesk's own tables as a source: queues, tickets, follow-ups, people in copy, attached files."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from common.errors import InvalidInput
from common.text import SUBJECT_LIMIT, flatten, readable
from config.importing.matters import Found, Matter, Opening, Person, Refusal, SourceError, Words, address, line, text
from config.importing.reading import Foreign, Record, marks, name_of
from tickets.enums import DONE_STATUSES, Channel, Priority, Status
from tickets.files import SIZE_LIMIT, Upload
from tickets.importing import Voice

PAGE = 200
# helpdesk.settings: OPEN, REOPENED, RESOLVED, CLOSED, DUPLICATE.
STATUSES = {1: Status.OPEN, 2: Status.OPEN, 3: Status.SOLVED, 4: Status.CLOSED, 5: Status.CLOSED}
DUPLICATE = 5
DONE = (3, 4, 5)
# 1 is critical, 5 very low.
PRIORITIES = {1: Priority.URGENT, 2: Priority.HIGH, 3: Priority.NORMAL, 4: Priority.LOW, 5: Priority.LOW}
TICKETS = """
    SELECT t.id, t.title, t.description, t.resolution, t.status, t.on_hold, t.priority, t.created, t.modified,
           t.submitter_email, t.assigned_to_id, q.slug AS queue
    FROM helpdesk_ticket t JOIN helpdesk_queue q ON q.id = t.queue_id WHERE t.id > %s ORDER BY t.id LIMIT %s
"""
FOLLOW_UPS = "SELECT * FROM helpdesk_followup WHERE ticket_id IN ({marks}) ORDER BY date, id"
COPIES = "SELECT ticket_id, user_id, email FROM helpdesk_ticketcc WHERE ticket_id IN ({marks})"
FILES = "SELECT followup_id, file, filename FROM {table} WHERE followup_id IN ({marks}) ORDER BY id"
# The newer name of the table first.
FILE_TABLES = ("helpdesk_followupattachment", "helpdesk_attachment")


@dataclass(slots=True)
class Helpdesk:
    """`zone` is that of times without one (USE_TZ=False over there); `media` the folder of its attached files."""

    database: Foreign
    now: datetime
    zone: ZoneInfo
    media: Path | None = None
    user_table: str = "auth_user"
    people: dict[int, Person] = field(default_factory=dict)
    file_table: str = ""

    def found(self) -> Iterator[Found]:
        """All its tickets by number, a page at a time."""
        if not self.database.has("helpdesk_ticket"):
            raise SourceError("This database has no table helpdesk_ticket: it is not django-helpdesk's.")
        self.people = {row["id"]: _person(row) for row in self.database.ask(self._users())}
        if self.media is not None:
            self.file_table = next((name for name in FILE_TABLES if self.database.has(name)), "")
        last = 0
        while page := self.database.ask(TICKETS, (last, PAGE)):
            last = page[-1]["id"]
            yield from self._page(page)

    def _users(self) -> str:
        table = name_of(self.user_table)
        return f"SELECT id, username, email, first_name, last_name FROM {table}"  # noqa: S608 - checked to be a name

    def _page(self, page: list[Record]) -> Iterator[Found]:
        follow_ups = self._by("ticket_id", FOLLOW_UPS, [row["id"] for row in page])
        copies = self._by("ticket_id", COPIES, [row["id"] for row in page])
        said = [row["id"] for rows in follow_ups.values() for row in rows]
        files = self._by("followup_id", FILES.replace("{table}", self.file_table), said) if self.file_table else {}
        for row in page:
            yield from self._ticket(row, follow_ups[row["id"]], copies[row["id"]], files)

    def _by(self, column: str, question: str, keys: list[int]) -> dict[int, list[Record]]:
        found: dict[int, list[Record]] = defaultdict(list)
        for start in range(0, len(keys), PAGE):
            some = keys[start : start + PAGE]
            for row in self.database.ask(question.replace("{marks}", marks(some)), some):
                found[row[column]].append(row)
        return found

    def _ticket(
        self, row: Record, follow_ups: list[Record], copies: list[Record], files: dict[int, list[Record]]
    ) -> Iterator[Found]:
        where, key = f"ticket {row['id']}", str(row["id"])
        try:
            opening = self._opening(row, follow_ups, copies)
            request = self._request(row, where, opening)
        except InvalidInput as error:
            yield Refusal(where, key, str(error))
            return
        matter = Matter(where, key, opening, [request])
        for follow_up in follow_ups:
            yield from self._follow_up(matter, follow_up, files.get(follow_up["id"], []))
        self._resolution(matter, row)
        yield matter

    def _opening(self, row: Record, follow_ups: list[Record], copies: list[Record]) -> Opening:
        status = _known(STATUSES, row["status"], "status")
        if status not in DONE_STATUSES and row["on_hold"]:
            status = Status.ON_HOLD
        if not row["submitter_email"]:
            raise InvalidInput.of("submitter_email", "submitter_email: nobody is named who asked.")
        email = address(row["submitter_email"], "submitter_email")
        assignee = self.people.get(row["assigned_to_id"] or 0)
        ended = [follow_up["date"] for follow_up in follow_ups if follow_up["new_status"] in DONE]
        done_at = self._moment(ended[-1] if ended else row["modified"], "modified")
        return Opening(
            subject=line(flatten(row["title"]), "title", SUBJECT_LIMIT),
            requester=Person(email, self._name_of(email)),
            status=status,
            priority=_known(PRIORITIES, row["priority"], "priority"),
            channel=Channel.EMAIL,
            created_at=self._moment(row["created"], "created"),
            done_at=done_at if status in DONE_STATUSES else None,
            team=row["queue"],
            assignee=assignee,
            tags=("duplicate",) if row["status"] == DUPLICATE else (),
            watchers=tuple(self._watchers(copies)),
        )

    def _request(self, row: Record, where: str, opening: Opening) -> Words:
        body = readable(row["description"] or "") or opening.subject
        return Words(where, f"ticket:{row['id']}:request", Voice.CUSTOMER, opening.created_at, body, opening.requester)

    def _follow_up(self, matter: Matter, row: Record, files: list[Record]) -> Iterator[Refusal]:
        """A follow-up without words only changed something; what it changed to is the ticket's state already."""
        where, key = f"follow-up {row['id']}", f"message:{row['id']}"
        if not (row["comment"] or "").strip() and not files:
            return
        uploads = []
        for file in files:
            try:
                uploads.append(self._file(file))
            except InvalidInput as error:
                yield Refusal(where, str(row["id"]), str(error))
        author = self.people.get(row["user_id"] or 0)
        requester = matter.opening.requester if matter.opening else None
        is_customer = author is None or (requester is not None and author.email == requester.email)
        public = Voice.CUSTOMER if is_customer else Voice.REPLY
        try:
            words = Words(
                where,
                key,
                public if row["public"] else Voice.NOTE,
                self._moment(row["date"], "date"),
                text(row["comment"] or row["title"] or "…", "comment"),
                (requester if row["public"] else None) if is_customer else author,
                flatten(row.get("message_id") or "", limit=400),
                tuple(uploads),
            )
        except InvalidInput as error:
            yield Refusal(where, str(row["id"]), str(error))
        else:
            _say(matter, words)

    def _resolution(self, matter: Matter, row: Record) -> None:
        """Resolving copies the comment; only words that stand in no follow-up are kept, as a note."""
        words = readable(row["resolution"] or "")
        if words and all(words != said.body for said in matter.words):
            at = self._moment(row["modified"], "modified")
            matter.words.append(Words(matter.where, f"ticket:{row['id']}:resolution", Voice.NOTE, at, words))

    def _file(self, row: Record) -> Upload:
        """The bytes, from inside of the folder of files only."""
        name = str(row["filename"] or row["file"])
        folder = (self.media or Path()).resolve()
        path = (folder / str(row["file"])).resolve()
        if not path.is_relative_to(folder) or not path.is_file():
            raise InvalidInput.of("file", f"file: “{name[:80]}” is not in the folder of files.")
        if path.stat().st_size > SIZE_LIMIT:
            raise InvalidInput.of("file", f"file: “{name[:80]}” is larger than {SIZE_LIMIT // 1024 // 1024} MB.")
        return Upload(name, path.read_bytes())

    def _moment(self, value: Any, name: str) -> datetime:
        """SQLite keeps text, in UTC where the other desk uses zones."""
        found = value if isinstance(value, datetime) else _parsed(str(value), name)
        found = found.replace(tzinfo=self.zone) if found.tzinfo is None else found
        if found > self.now:
            raise InvalidInput.of(name, f"{name}: {found:%Y-%m-%d %H:%M} lies in the future.")
        return found

    def _name_of(self, email: str) -> str:
        return next((person.name for person in self.people.values() if person.email == email), "")

    def _watchers(self, copies: list[Record]) -> Iterator[str]:
        for row in copies:
            person = self.people.get(row["user_id"] or 0)
            email = person.email if person else (row["email"] or "")
            if email:
                yield email.lower()


def _say(matter: Matter, words: Words) -> None:
    """One more message; the follow-up that a mail leaves beside its ticket is the request itself."""
    request = matter.words[0]
    if words.voice is Voice.CUSTOMER and words.body == request.body:
        files = request.attachments + words.attachments
        matter.words[0] = replace(request, attachments=files, external_id=words.external_id or request.external_id)
    else:
        matter.words.append(words)


def _known(table: dict[int, Any], value: Any, name: str) -> Any:
    if value not in table:
        raise InvalidInput.of(name, f"{name}: {value} is none that django-helpdesk knows.")
    return table[value]


def _parsed(value: str, name: str) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise InvalidInput.of(name, f"{name}: “{value[:40]}” is not a date.") from None


def _person(row: Record) -> Person:
    """Somebody without an address gets one that leads nowhere: a name in the history needs no mail."""
    name = " ".join(f"{row['first_name'] or ''} {row['last_name'] or ''}".split()) or row["username"]
    email = (row["email"] or "").strip().lower()
    return Person(email if "@" in email else f"{row['id']}@imported.invalid", name, colleague=True)
