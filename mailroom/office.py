"""The mailroom's own process: a follower for each mailbox, the door, and somebody who files what they bring.

Each of them only keeps; filing is one line of work, so that a mail which takes long to read delays no mailbox. What is
kept and not filed when the process ends is found by `intake.file_pending`, whoever calls that.
"""

import logging
import queue
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections

from common import clock
from mailroom import intake
from mailroom.doors.lmtp import Door
from mailroom.fetching.following import Follower
from mailroom.models import Mailbox

logger = logging.getLogger(__name__)

LOOK_EVERY = 2.0
# What does not fit any more is filed a minute later, from the table.
WAITING_LIMIT = 10_000
AT_ONCE = 50


class Filing(threading.Thread):
    """Files mail by its key, in the order in which it came."""

    def __init__(self) -> None:
        super().__init__(name="filing", daemon=True)
        self._waiting: queue.Queue[int] = queue.Queue(WAITING_LIMIT)

    def hand_over(self, pk: int) -> None:
        try:
            self._waiting.put_nowait(pk)
        except queue.Full:
            logger.debug("Mail %d waits in the table.", pk)

    def run(self) -> None:
        while True:
            self.file(self.next_keys())

    def next_keys(self) -> list[int]:
        """What waits now, at most so many; waits for the first."""
        keys = [self._waiting.get()]
        while len(keys) < AT_ONCE and not self._waiting.empty():
            keys.append(self._waiting.get())
        return keys

    def file(self, keys: list[int]) -> None:
        """These mails; an error of the database leaves them where `file_pending` finds them."""
        try:
            clock.synchronise()
            for _row in intake.file_all(keys, now=clock.now()):
                pass
        except (DatabaseError, InterfaceError) as error:
            logger.warning("Mail could not be filed yet: %s", error)
        except Exception:
            logger.exception("Mail could not be filed.")
        finally:
            connections.close_all()


class Office:
    """Starts and stops what the mailboxes' rows say; `look` is called every two seconds."""

    def __init__(self) -> None:
        self.filing = Filing()
        self.followers: dict[int, Follower] = {}
        self.door = Door(settings.MAIL_DOOR, self.filing.hand_over) if settings.MAIL_DOOR else None

    def open(self) -> None:
        self.filing.start()
        if self.door is not None:
            self.door.start()
            logger.info("Mail is taken at %s:%d.", self.door.hostname, self.door.port)

    def look(self) -> None:
        """One follower for each mailbox that is to be followed, as it is set up now."""
        try:
            clock.synchronise()
            wanted = {mailbox.pk: mailbox for mailbox in Mailbox.objects.followed()}
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The mailboxes cannot be read: %s", error)
            return
        finally:
            connections.close_all()
        for pk, follower in list(self.followers.items()):
            mailbox = wanted.get(pk)
            if mailbox is None or mailbox.changed_at != follower.changed_at or not follower.is_alive():
                follower.stop()
                del self.followers[pk]
        for pk in wanted.keys() - self.followers.keys():
            self.followers[pk] = Follower(wanted[pk], self.filing.hand_over)
            self.followers[pk].start()

    def close(self) -> None:
        for follower in self.followers.values():
            follower.stop()
        if self.door is not None:
            self.door.stop()
        for follower in self.followers.values():
            follower.join(timeout=3.0)


def keep(after_each: Callable[[], object], stop: threading.Event) -> None:
    """Run until told to stop."""
    office = Office()
    office.open()
    try:
        while not stop.is_set():
            office.look()
            after_each()
            stop.wait(LOOK_EVERY)
    finally:
        office.close()
