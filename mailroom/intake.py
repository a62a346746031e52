"""Mail in: kept first, filed second (DESIGN §3.8).

`accept` commits the bytes in a transaction of their own before anybody is told that they are safe. Filing is a
second transaction, which also marks the row; a crash between the two leaves the row `received`, and `file_pending`
files it later. Whatever a mail is made of, it ends on a ticket or in the quarantine, where a person can read it.
Reading it is left to a process of its own (`mailroom.reader`), and done while no transaction is open.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, IntegrityError, InterfaceError, transaction
from django.utils.translation import gettext as _

from common import heartbeat, refusals
from common.errors import DomainError
from common.failpoints import Point, reach
from common.rows import change, gathered
from mailroom import envelope, filing
from mailroom.enums import IntakeState
from mailroom.filing import Review as Review
from mailroom.filing import UnfiledError
from mailroom.known import known_of
from mailroom.models import RawMessage
from mailroom.parse import ParsedMail, ParseError
from mailroom.reader import keeper

logger = logging.getLogger(__name__)

# Whoever took a mail in has so long to file it before others try.
LEASE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=30)
TRIES = 8
# As many mails, and as many bytes of them, are filed in one transaction.
TOGETHER = 32
TOGETHER_BYTES = 8 * 1024 * 1024
_JUDGED = ("id", "state", "reason", "sender", "ticket_number")
# The connection, the lock, the disk: it may work the next time.
PASSING = (DatabaseError, InterfaceError, OSError)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a mail came from: the address of the desk, and its place in that mailbox (RFC 9051, 2.3.1.1)."""

    mailbox_id: int | None = None
    uidvalidity: int | None = None
    uid: int | None = None


def accept(raw: bytes, *, now: datetime, origin: Origin | None = None) -> RawMessage:
    """Keep a mail and file it; a repeat gives the row of the first, and files nothing twice.

    Raises only what the database raises while the bytes are not yet safe; afterwards never.
    """
    kept = keep(raw, now=now, origin=origin)
    if kept.state != IntakeState.RECEIVED:
        return kept
    try:
        return file(kept.pk, now=now)
    except PASSING as error:
        logger.warning("What became of mail %d could not be read: %s", kept.pk, error)
        return kept


def keep(raw: bytes, *, now: datetime, origin: Origin | None = None, lease: timedelta = LEASE) -> RawMessage:
    """Commit the bytes, or find the row of the same mail. Raises what the database raises.

    Whoever keeps it files it; after the lease anybody does.
    """
    seen, origin = envelope.read(raw), origin or Origin()
    identity = {"message_id": seen.message_id, "digest": seen.digest}
    try:
        with transaction.atomic(durable=True):
            row = RawMessage.objects.create(
                **identity,
                **asdict(origin),
                raw=raw,
                size=len(raw),
                sender=seen.sender,
                subject=seen.subject,
                received_at=now,
                next_try_at=now + lease,
            )
            reach(Point.BEFORE_COMMIT)
    except IntegrityError:
        return RawMessage.objects.without_bytes().get(**identity)
    reach(Point.AFTER_COMMIT)
    return row


def set_aside(head: bytes, reason: str, *, now: datetime, origin: Origin, size: int = 0) -> RawMessage:
    """Tell in the quarantine of a mail that could not be brought here: its head, if there is one, and why."""
    seen = envelope.read(head)
    # Its place is part of what it is: two heads that cannot be read are two mails.
    digest = hashlib.sha256(f"{origin}".encode() + head).hexdigest()
    row, _made = RawMessage.objects.get_or_create(
        message_id=seen.message_id,
        digest=digest,
        defaults={
            **asdict(origin),
            "raw": head,
            "size": size or len(head),
            "sender": seen.sender,
            "subject": seen.subject,
            "received_at": now,
            "state": IntakeState.QUARANTINED,
            "reason": reason[:300],
        },
    )
    return row


@refusals.kept()
def file(
    pk: int, *, now: datetime, review: Review | None = None, reading: Callable[[], ParsedMail] | None = None
) -> RawMessage:
    """File one kept mail on a ticket, or quarantine it with the reason.

    `review` says that somebody with the right has read it: broken structure is read as far as it goes, and what
    looks like a program's mail is taken for a letter. Who may speak for whom stays as it is. `reading` is given by
    who has begun to read it.
    """
    try:
        row = None if reading else RawMessage.objects.get(pk=pk)
        if row is None or row.state == IntakeState.RECEIVED:
            parsed = reading() if reading else keeper.read(bytes(row.raw if row else b""), lenient=review is not None)
            with transaction.atomic():
                _settle({pk: parsed}, now=now, review=review)
            row = RawMessage.objects.without_bytes().get(pk=pk)
        return row
    except PASSING as error:
        logger.warning("Mail %d could not be filed yet: %s", pk, error)
        _postpone(pk, now, error)
    except (ParseError, DomainError) as error:
        _quarantine(pk, str(error))
    except Exception as error:
        logger.exception("Mail %d could not be filed.", pk)
        _quarantine(pk, _("It met an error in this program: %(error)s.") % {"error": type(error).__name__})
    return RawMessage.objects.without_bytes().get(pk=pk)


def file_pending(*, now: datetime, at_once: bool = False) -> int:
    """File what a crash or a busy database left behind; returns how many are no longer pending.

    `at_once` does not wait for their moment. Each stands alone: one that fails delays no other.
    """
    rows = RawMessage.objects.pending() if at_once else RawMessage.objects.due(now)
    keys = list(rows.values_list("pk", flat=True))
    done = sum(row.state != IntakeState.RECEIVED for row in file_all(keys, now=now))
    heartbeat.beat("mailroom", now=now, filed=done)
    return done


def file_all(keys: Sequence[int], *, now: datetime) -> Iterator[RawMessage]:
    """Some at a time, in their order. While the database takes these, the reader reads the next."""
    with ThreadPoolExecutor(1, thread_name_prefix="reading") as ahead:
        parts = _parts(keys)
        coming = _begin(ahead, parts[0]) if parts else {}
        for place, part in enumerate(parts, start=1):
            readings, coming = coming, _begin(ahead, parts[place]) if place < len(parts) else {}
            yield from _file_together(part, readings, now)


def _parts(keys: Sequence[int]) -> list[list[int]]:
    """Bounded by their number and by their size, which memory has to hold."""
    try:
        sizes = dict(RawMessage.objects.filter(pk__in=keys).values_list("pk", "size"))
    except PASSING:
        sizes = {}
    parts: list[list[int]] = []
    size = TOGETHER_BYTES
    for key in keys:
        size += sizes.get(key, TOGETHER_BYTES)
        if size > TOGETHER_BYTES or len(parts[-1]) == TOGETHER:
            parts.append([])
            size = sizes.get(key, TOGETHER_BYTES)
        parts[-1].append(key)
    return parts


def _begin(ahead: ThreadPoolExecutor, keys: Sequence[int]) -> "dict[int, Future[ParsedMail]]":
    """Have them read; without those where there is nothing to read any more, or no database: `file` finds out."""
    try:
        raws = dict(RawMessage.objects.pending().filter(pk__in=keys).values_list("pk", "raw"))
    except PASSING:
        return {}
    return {key: ahead.submit(keeper.read, bytes(raws.pop(key))) for key in keys if key in raws}


def _file_together(
    keys: Sequence[int], readings: "Mapping[int, Future[ParsedMail]]", now: datetime
) -> list[RawMessage]:
    """In one transaction; where that fails, each in its own, so that one that fails delays no other (DESIGN §3.5)."""
    if len(keys) > 1:
        try:
            read = {key: _what_was_read(reading) for key, reading in readings.items()}
            with transaction.atomic():
                _settle(read, now=now)
        except Exception as error:
            logger.info("%d mails could not be filed together, so one by one: %s", len(keys), error)
        else:
            rows = RawMessage.objects.without_bytes().in_bulk(keys)
            return [rows[key] for key in keys if key in rows]
    return [file(key, now=now, reading=readings[key].result if key in readings else None) for key in keys]


def _what_was_read(reading: "Future[ParsedMail]") -> ParsedMail | ParseError:
    try:
        return reading.result()
    except ParseError as error:
        return error


def _settle(read: Mapping[int, ParsedMail | ParseError], *, now: datetime, review: Review | None = None) -> None:
    """File what was read, by the keys of its rows, or say why not. What nobody waits for any more is left alone."""
    rows = RawMessage.objects.without_bytes().select_related("mailbox__team").order_by("pk")
    locked = rows.filter(state=IntakeState.RECEIVED, pk__in=read).select_for_update(of=("self",))
    mails = [(read[row.pk], row) for row in locked]
    known = known_of([parsed for parsed, _row in mails if isinstance(parsed, ParsedMail)], now=now)
    to_file: list[tuple[ParsedMail, RawMessage]] = []
    for parsed, row in mails:
        if isinstance(parsed, ParseError):
            _judge(row, IntakeState.QUARANTINED, str(parsed))
        elif pattern := "" if review else known.blocked_by(parsed.sender):
            # Kept and seen by nobody but those who look for it: no ticket, no answer.
            row.sender = parsed.sender[:254]
            _judge(row, IntakeState.DROPPED, _("Its sender is blocked: %(pattern)s.") % {"pattern": pattern})
        else:
            to_file.append((parsed, row))
    with gathered():
        for (parsed, row), filed in zip(to_file, filing.file_all(to_file, known, now=now, review=review), strict=True):
            if isinstance(filed, UnfiledError):
                _judge(row, IntakeState.QUARANTINED, str(filed))
            else:
                row.sender, row.ticket_number = parsed.sender[:254], filed.number
                _judge(row, IntakeState.FILED, filed.reason)
    change(RawMessage, [{name: getattr(row, name) for name in _JUDGED} for _parsed, row in mails])


def _judge(row: RawMessage, state: IntakeState, reason: str) -> None:
    row.state, row.reason = state, reason[:300]


def _quarantine(pk: int, reason: str) -> None:
    try:
        with transaction.atomic():
            RawMessage.objects.pending().filter(pk=pk).update(state=IntakeState.QUARANTINED, reason=reason[:300])
    except PASSING as error:
        # The row stays pending and is judged again, with the same result.
        logger.warning("Mail %d could not be quarantined yet: %s", pk, error)


def _postpone(pk: int, now: datetime, error: Exception) -> None:
    """Back off; what fails for ever ends in the quarantine, not in an endless round."""
    try:
        with transaction.atomic():
            row = RawMessage.objects.without_bytes().select_for_update().get(pk=pk)
            if row.state != IntakeState.RECEIVED:
                return
            row.attempts += 1
            row.next_try_at = now + min(LEASE * 2**row.attempts, LONGEST_PAUSE)
            if row.attempts >= TRIES:
                row.state = IntakeState.QUARANTINED
                row.reason = _("It could not be stored: %(error)s.") % {"error": type(error).__name__}
            row.save(update_fields=["attempts", "next_try_at", "state", "reason"])
    except PASSING as second:
        logger.warning("Mail %d stays pending: %s", pk, second)
