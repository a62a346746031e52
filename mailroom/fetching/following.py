"""One mailbox, followed as long as it is wanted: looked into when its server rings (IDLE), else every half minute."""

import logging
import random
import threading
from datetime import datetime

from django.db import DatabaseError, InterfaceError, connections

from common import clock, heartbeat
from mailroom.fetching.connection import Folder, MailboxError, opened
from mailroom.fetching.taking import Hand, Look
from mailroom.models import Mailbox

logger = logging.getLogger(__name__)

POLL = 30.0
# A server may forget that it was to ring; a connection may die without a word.
IDLE_AT_MOST = 300.0
LISTEN = 1.0
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0


class Follower(threading.Thread):
    """Ends when `stop` is called, or when its mailbox is paused, changed or gone."""

    def __init__(self, mailbox: Mailbox, hand_over: Hand) -> None:
        super().__init__(name=f"mailbox {mailbox.pk}", daemon=True)
        self.pk = mailbox.pk
        self.changed_at = mailbox.changed_at
        self.hand_over = hand_over
        self._stop_asked = threading.Event()
        self._pause = FIRST_PAUSE
        self._failed: dict[int, int] = {}

    def stop(self) -> None:
        self._stop_asked.set()

    def run(self) -> None:
        while not self._stop_asked.is_set():
            try:
                self._connect_and_stay()
            except (DatabaseError, InterfaceError) as error:
                logger.warning("Mailbox %d: the database is away: %s", self.pk, error)
            except Exception:
                logger.exception("Mailbox %d could not be followed.", self.pk)
            finally:
                # A connection kept over a restart of the database would fail for ever.
                connections.close_all()
            self._rest()

    def _connect_and_stay(self) -> None:
        clock.synchronise()
        mailbox = Mailbox.objects.followed().filter(pk=self.pk, changed_at=self.changed_at).first()
        if mailbox is None:
            self.stop()
            return
        try:
            with opened(mailbox) as folder:
                self._stay(mailbox, folder)
        except MailboxError as error:
            note_failure(mailbox, str(error), now=clock.now())

    def _stay(self, mailbox: Mailbox, folder: Folder) -> None:
        look = Look(mailbox, folder, self.hand_over, self._failed)
        while not self._stop_asked.is_set():
            clock.synchronise()
            look.take(now=clock.now(), go_on=lambda: not self._stop_asked.is_set())
            note_success(mailbox, now=clock.now())
            self._pause = FIRST_PAUSE
            connections.close_all()
            wait_for_mail(folder, self._stop_asked)

    def _rest(self) -> None:
        """Longer each time, and never all mailboxes of one server at once."""
        self._stop_asked.wait(self._pause * random.uniform(0.8, 1.2))  # noqa: S311 - no secret
        self._pause = min(self._pause * 2, LONGEST_PAUSE)


def wait_for_mail(folder: Folder, stop: threading.Event) -> None:
    """Until the server rings, or it is time to look all the same."""
    if not folder.can("IDLE"):
        stop.wait(POLL)
        # A sign of life, and the server's chance to tell that the connection is over.
        folder.client.noop()
        return
    idle = folder.box.idle
    idle.start()  # type: ignore[no-untyped-call] # imap-tools leaves these two without types
    left = IDLE_AT_MOST
    while left > 0 and not stop.is_set() and not idle.poll(timeout=LISTEN):
        left -= LISTEN
    idle.stop()  # type: ignore[no-untyped-call] # the same


def note_success(mailbox: Mailbox, *, now: datetime) -> None:
    mailbox.fetched_at, mailbox.failing_since, mailbox.last_error = now, None, ""
    mailbox.save(update_fields=["fetched_at", "failing_since", "last_error"])
    heartbeat.beat(beat_of(mailbox), now=now)


def beat_of(mailbox: Mailbox) -> str:
    """Under which name it leaves its signs of life, with its number: an address may hold any sign."""
    return f"mailbox {mailbox.pk}"


def note_failure(mailbox: Mailbox, sentence: str, *, now: datetime) -> None:
    """In one sentence for the administrator; in the log once for each change."""
    if mailbox.last_error != sentence:
        logger.warning("Mailbox %s: %s", mailbox.address, sentence)
    mailbox.failing_since, mailbox.last_error = mailbox.failing_since or now, sentence[:300]
    mailbox.save(update_fields=["failing_since", "last_error"])
