"""Mail in: kept first, filed second (DESIGN §3.8).

`accept` commits the bytes in a transaction of their own before anybody is told that they are safe. Filing is a
second transaction, which also marks the row; a crash between the two leaves the row `received`, and `file_pending`
files it later. Whatever a mail is made of, it ends on a ticket or in the quarantine, where a person can read it.
Reading it is left to a process of its own (`mailroom.reader`), and done while no transaction is open.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, IntegrityError, InterfaceError, transaction
from django.utils.translation import gettext as _

from common import heartbeat, refusals
from common.errors import DomainError
from common.failpoints import Point, reach
from mailroom import blocking, envelope, filing
from mailroom.enums import IntakeState
from mailroom.filing import Review as Review
from mailroom.filing import UnfiledError
from mailroom.models import RawMessage
from mailroom.parse import ParsedMail, ParseError
from mailroom.reader import keeper

logger = logging.getLogger(__name__)

# Whoever took a mail in has so long to file it before others try.
LEASE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=30)
TRIES = 8
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
                row = RawMessage.objects.without_bytes().select_for_update().get(pk=pk)
                if row.state == IntakeState.RECEIVED:
                    _file(row, parsed, now, review)
        return row
    except PASSING as error:
        logger.warning("Mail %d could not be filed yet: %s", pk, error)
        _postpone(pk, now, error)
    except (UnfiledError, ParseError, DomainError) as error:
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
    """One mail after the other. While the database takes one, the reader reads the next."""
    with ThreadPoolExecutor(1, thread_name_prefix="reading") as ahead:
        coming = _begin(ahead, keys[0]) if keys else None
        for place, pk in enumerate(keys, start=1):
            reading, coming = coming, _begin(ahead, keys[place]) if place < len(keys) else None
            yield file(pk, now=now, reading=reading.result if reading else None)


def _begin(ahead: ThreadPoolExecutor, pk: int) -> "Future[ParsedMail] | None":
    """Have it read; None where there is nothing to read any more, or no database: `file` finds out."""
    try:
        raw = RawMessage.objects.pending().filter(pk=pk).values_list("raw", flat=True).first()
    except PASSING:
        return None
    return None if raw is None else ahead.submit(keeper.read, bytes(raw))


def _file(row: RawMessage, parsed: ParsedMail, now: datetime, review: Review | None) -> None:
    pattern = "" if review else blocking.blocked_by(parsed.sender)
    if pattern:
        _drop(row, parsed, pattern)
        return
    filed = filing.file(parsed, row, now=now, review=review)
    row.ticket_number = filed.number
    row.state = IntakeState.FILED
    row.sender = parsed.sender[:254]
    row.reason = filed.reason
    row.save(update_fields=["state", "ticket_number", "sender", "reason"])


def _drop(row: RawMessage, parsed: ParsedMail, pattern: str) -> None:
    """Kept and seen by nobody but those who look for it: no ticket, no answer."""
    row.state = IntakeState.DROPPED
    row.sender = parsed.sender[:254]
    row.reason = _("Its sender is blocked: %(pattern)s.") % {"pattern": pattern}
    row.save(update_fields=["state", "sender", "reason"])


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
