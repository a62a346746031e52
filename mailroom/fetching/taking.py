"""One look into a mailbox: what is new is kept here first, and only then marked, moved or deleted there.

The process may be killed between any two steps. What was kept and not marked is recognised at the next look by its
place (mailbox, UIDVALIDITY, UID) or by the mail itself, and is marked then; what was not kept is fetched again.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.utils.translation import gettext as _
from imap_tools.errors import ImapToolsError, MailboxCopyError, MailboxFetchError, MailboxMoveError

from common.failpoints import Point, reach
from mailroom import intake
from mailroom.enums import Afterwards
from mailroom.fetching.connection import Folder
from mailroom.intake import Origin
from mailroom.models import Mailbox, RawMessage

# So many mails are asked about, and looked up here, with one question.
CHUNK = 200
HEAD_LIMIT = 64 * 1024
# A mail that its own server cannot hand over is set aside after so many looks, and holds up nobody behind it.
TRIES = 3
# A numbering that has changed leaves us only the dates, which are whole days of the server's own zone.
OVERLAP = timedelta(days=2)

_SIZE = re.compile(
    rb"UID (?P<uid>\d+)\b.*?RFC822\.SIZE (?P<size>\d+)|RFC822\.SIZE (?P<size2>\d+)\b.*?UID (?P<uid2>\d+)"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Hand = Callable[[int], None]


class Look:
    """One mailbox in one open folder; `hand_over` is told the key of each mail that has to be filed.

    `failed` counts, from one connection to the next, how often the server could not hand over a mail.
    """

    def __init__(self, mailbox: Mailbox, folder: Folder, hand_over: Hand, failed: dict[int, int] | None = None) -> None:
        self.mailbox = mailbox
        self.folder = folder
        self.hand_over = hand_over
        self._failed = {} if failed is None else failed

    def take(self, *, now: datetime, go_on: Callable[[], bool] = lambda: True) -> int:
        """Take what is new, oldest first; how many mails that were. `go_on` is asked before each."""
        taken = 0
        wanted = self._new()
        for start in range(0, len(wanted), CHUNK):
            uids = wanted[start : start + CHUNK]
            known = self._known(uids)
            for uid, size in self._sizes(uids):
                if not go_on():
                    return taken
                taken += self._take_one(uid, size, known, now)
                self._advance(uid)
        self._arrive(max(wanted, default=0))
        return taken

    def _take_one(self, uid: int, size: int, known: set[int], now: datetime) -> bool:
        if uid not in known:
            origin = Origin(self.mailbox.pk, self.folder.uidvalidity, uid)
            if size > settings.MAIL_SIZE_LIMIT:
                self._leave(uid, size, origin, now)
                return False
            raw = self._fetch(uid, origin, now)
            if raw is None:
                return False
            reach(Point.AFTER_FETCH)
            row = intake.keep(raw, now=now, origin=origin)
            self.hand_over(row.pk)
        reach(Point.BEFORE_SEEN)
        self._settle(uid)
        return uid not in known

    # --- What is new --------------------------------------------------------------------------------------------

    def _new(self) -> list[int]:
        found = sorted(int(uid) for uid in self.folder.box.uids(self._criteria(), charset=None))
        if self._is_same_numbering:
            # `n:*` always names the last mail, however small its number is.
            return [uid for uid in found if uid > self.mailbox.last_uid]
        return found

    @property
    def _is_same_numbering(self) -> bool:
        return self.mailbox.uidvalidity == self.folder.uidvalidity

    def _criteria(self) -> str:
        if self._is_same_numbering:
            return f"UID {self.mailbox.last_uid + 1}:*"
        if self.mailbox.afterwards != Afterwards.SEEN:
            # Whatever lies in the folder has not been taken yet: that is what moving and deleting are for.
            return "ALL"
        if self.mailbox.uidvalidity is None or self.mailbox.fetched_at is None:
            return "UNSEEN"
        since = self.mailbox.fetched_at - OVERLAP
        return f"OR UNSEEN SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year}"

    def _known(self, uids: Sequence[int]) -> set[int]:
        place = {"mailbox": self.mailbox, "uidvalidity": self.folder.uidvalidity, "uid__in": uids}
        rows = RawMessage.objects.filter(**place).values_list("uid", flat=True)
        return {uid for uid in rows if uid is not None}

    def _sizes(self, uids: Sequence[int]) -> Iterator[tuple[int, int]]:
        if not uids:
            return
        status, said = self.folder.client.uid("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)")
        if status != "OK":
            raise MailboxFetchError((status, said), "OK")
        sizes = {}
        for line in said:
            found = _SIZE.search(line if isinstance(line, bytes) else b"")
            if found:
                sizes[int(found["uid"] or found["uid2"])] = int(found["size"] or found["size2"])
        # One that somebody has deleted meanwhile has no size, and is nobody's any more.
        yield from sorted(sizes.items())

    # --- One mail -----------------------------------------------------------------------------------------------

    def _fetch(self, uid: int, origin: Origin, now: datetime) -> bytes | None:
        """The whole mail, still unread there; None where it has gone, or was set aside."""
        try:
            return self._part(uid, "BODY.PEEK[]")
        except ImapToolsError as error:
            self._failed[uid] = self._failed.get(uid, 0) + 1
            if self._failed[uid] < TRIES:
                raise
            reason = _("Its server does not hand it over: %(error)s.") % {"error": _said(error)}
            intake.set_aside(b"", reason, now=now, origin=origin)
            return None

    def _leave(self, uid: int, size: int, origin: Origin, now: datetime) -> None:
        """Too large to be kept: it stays where it is, and its head tells of it here."""
        head = self._part(uid, f"BODY.PEEK[HEADER]<0.{HEAD_LIMIT}>") or b""
        reason = _("It is larger than %(limit)d MB; it stays in the mailbox %(mailbox)s.") % {
            "limit": settings.MAIL_SIZE_LIMIT // 1024 // 1024,
            "mailbox": self.mailbox.address,
        }
        intake.set_aside(head, reason, now=now, origin=origin, size=size)

    def _part(self, uid: int, what: str) -> bytes | None:
        status, said = self.folder.client.uid("FETCH", str(uid), f"({what})")
        if status != "OK":
            raise MailboxFetchError((status, said), "OK")
        return next((bytes(one[1]) for one in said if isinstance(one, tuple)), None)

    # --- Afterwards ---------------------------------------------------------------------------------------------

    def _settle(self, uid: int) -> None:
        SETTLING[Afterwards(self.mailbox.afterwards)](self, uid)

    def mark_seen(self, uid: int) -> None:
        self._store(uid, r"(\Seen)")

    def delete(self, uid: int) -> None:
        """Only this one: a plain EXPUNGE would take along what others have marked."""
        self._store(uid, r"(\Deleted \Seen)")
        if self.folder.can("UIDPLUS"):
            self.folder.client.uid("EXPUNGE", str(uid))
        else:
            self.folder.box.expunge()

    def move(self, uid: int) -> None:
        try:
            self._move(uid, self._target)
        except (MailboxMoveError, MailboxCopyError):
            folders = self.folder.box.folder
            if folders.exists(self._target):
                raise
            folders.create(self._target)
            self._move(uid, self._target)

    @cached_property
    def _target(self) -> str:
        """The folder to move to, as this server writes what lies in another (RFC 9051, 5.1.1)."""
        known = self.folder.box.folder.list()
        return self.mailbox.move_to.replace("/", (known[0].delim if known else "") or "/")

    def _move(self, uid: int, target: str) -> None:
        if self.folder.can("MOVE"):
            self.folder.box.move(str(uid), target)
            return
        self.folder.box.copy(str(uid), target)
        self.delete(uid)

    def _store(self, uid: int, flags: str) -> None:
        status, said = self.folder.client.uid("STORE", str(uid), "+FLAGS.SILENT", flags)
        if status != "OK":
            raise MailboxFetchError((status, said), "OK")

    def _advance(self, uid: int) -> None:
        """Up to here all is done. While a new numbering is walked through for the first time, nothing says so yet."""
        if self._is_same_numbering and uid > self.mailbox.last_uid:
            self._note(last_uid=uid)

    def _arrive(self, last: int) -> None:
        if not self._is_same_numbering:
            self._note(uidvalidity=self.folder.uidvalidity, last_uid=max(last, self.folder.uidnext - 1))

    def _note(self, **known: int) -> None:
        for name, value in known.items():
            setattr(self.mailbox, name, value)
        self.mailbox.save(update_fields=list(known))


SETTLING: dict[Afterwards, Callable[[Look, int], None]] = {
    Afterwards.SEEN: Look.mark_seen,
    Afterwards.MOVE: Look.move,
    Afterwards.DELETE: Look.delete,
}


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:120].rstrip(".")
