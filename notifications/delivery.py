"""Send what waits in the outbox: claim with a lease, send outside the transaction, mark (DESIGN §3.4).

A process that dies between sending and marking leaves an expired lease: the mail goes out a second time with
the same Message-ID, and is never lost. Nothing expires unsent. Several lanes send at once, each to one host at a time,
so that a host which is slow or hangs holds up nobody else (`lanes`).
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from common import clock, doorbell, heartbeat
from common.failpoints import Point, reach
from notifications import claiming, hosts, lanes, listening, passing, routing
from notifications.actions import DELIVER_TASK, notify
from notifications.calling import GoneError
from notifications.enums import AlertKind
from notifications.letters import Letter
from notifications.mailing import Meaning, refused_for_good
from notifications.mailing import message_id as message_id
from notifications.models import Delivery, Host
from notifications.transports import Transports, meaning
from people.models import User

logger = logging.getLogger(__name__)

FAILURES_BEFORE_BANNER = 5
# From here on a host counts as slow: its mails go one at a time, beside everybody else's.
SLOW = 2.0
# Of alerts: so many batches are asked for their readers' wishes, and then it is time to send again.
ROUTED_A_TURN = 4


@dataclass(slots=True)
class _Turn:
    ends: float
    # How many of each batch; lanes append at the same time, and an addition would lose some.
    sent: list[int] = field(default_factory=list)
    is_cut_short: bool = False
    is_unfinished: bool = False


def run() -> int:
    """Send what is due until the turn is over; returns how many went out. Safe to run in several processes at once.

    What is left then asks for another turn, behind whatever has come in meanwhile.
    """
    clock.synchronise()
    if not settings.MAIL_TRANSPORT:
        _tell_of_missing_server()
    turn = _Turn(time.monotonic() + settings.DELIVERY_TURN.total_seconds())
    for _batch in range(ROUTED_A_TURN):
        if not routing.route(clock.now()):
            break
    else:
        turn.is_unfinished = True
    # No more lanes than there is mail: each has a connection to the database.
    waiting = claiming.sendable().due(clock.now()).values_list("pk")[: settings.DELIVERY_LANES]
    if count := len(waiting):
        lanes.work(lambda: _send_batches(turn), count, turn.ends)
    if turn.is_cut_short or turn.is_unfinished:
        doorbell.ring(DELIVER_TASK)
    sent = sum(turn.sent)
    heartbeat.beat("delivery", now=clock.now(), sent=sent)
    return sent


def oldest_waiting() -> datetime | None:
    """When the oldest unsent row was written that nobody holds back on purpose, for the health page."""
    oldest: datetime | None = Delivery.objects.unsent().filter(held="").aggregate(oldest=Min("created_at"))["oldest"]
    return oldest


def _send_batches(turn: _Turn) -> None:
    """One lane's share of a turn."""
    transports = Transports()
    try:
        while not turn.is_cut_short:
            with lanes.next_batch(clock.now()) as (batch, known):
                if not batch:
                    return
                turn.sent.append(_send_batch(batch, transports, known.get(batch[0].host)))
            turn.is_cut_short |= time.monotonic() >= turn.ends
    finally:
        transports.close()


def _send_batch(batch: list[Delivery], transports: Transports, known: Host | None) -> int:
    """To one host. The rest goes back where the host is down or slow: it is told one thing at a time then."""
    sent, is_troubled = 0, known is not None and known.failures > 0
    for number, delivery in enumerate(batch, start=1):
        if not claiming.is_ours(delivery):
            continue
        began = time.monotonic()
        error = _send(delivery, transports)
        sent += error is None
        if not _goes_on(delivery.host, error, time.monotonic() - began, is_troubled=is_troubled):
            claiming.give_back(batch[number:])
            break
        is_troubled = error is not None
    return sent


def _send(delivery: Delivery, transports: Transports) -> Exception | None:
    """What went wrong, if anything."""
    try:
        passing.check_reader(delivery, clock.now())
        answer = transports.send(delivery)
    except GoneError as error:
        claiming.mark_stopped(delivery, str(error))
        return error
    except Exception as error:
        logger.warning("Mail %d to %s was not sent: %s", delivery.pk, delivery.address, error)
        if _is_settled(delivery, error):
            return error
        claiming.mark_failed(delivery, f"{type(error).__name__}: {error}")
        # Not only the fifth: the process may have died between that try and this line.
        if delivery.attempts >= FAILURES_BEFORE_BANNER:
            _tell_admins(delivery)
        return error
    reach(Point.AFTER_SEND)
    claiming.mark_sent(delivery, answer)
    return None


def _is_settled(delivery: Delivery, error: Exception) -> bool:
    """Whether its server knows no such reader, and somebody has drawn the consequence: it is not tried again."""
    answer = refused_for_good(error)
    if not answer:
        return False
    with transaction.atomic():
        if not listening.tell(delivery, answer, clock.now()):
            return False
        claiming.mark_stopped(delivery, answer)
    return True


def _goes_on(host: str, error: Exception | None, took: float, *, is_troubled: bool) -> bool:
    """Note how the host fares; False when the next mail should not go there at once."""
    now = clock.now()
    if took >= SLOW:
        hosts.was_slow(host, now)
    meant = Meaning() if error is None else meaning(error)
    if meant.is_down or meant.not_now:
        return not hosts.failed(host, str(error), now, is_down=meant.is_down) and took < SLOW
    if error is None and is_troubled:
        hosts.went_well(host)
    return took < SLOW


def _tell_admins(delivery: Delivery) -> None:
    """The other channel after so many failures: the administrators' page."""

    def compose(person: User) -> Letter:
        title = _("A mail to %(address)s was refused %(count)d times")
        return Letter(
            kind=AlertKind.DELIVERY,
            title=title % {"address": delivery.address, "count": delivery.attempts},
            body=delivery.subject,
        )

    _on_page(compose, f"delivery-failed:{delivery.pk}")


def _tell_of_missing_server() -> None:
    """Once a day while mail waits that nothing can send."""
    if not Delivery.objects.unsent().exists():
        return

    def compose(person: User) -> Letter:
        title = _("Mail is waiting: no mail server is configured (EMAIL_URL)")
        return Letter(kind=AlertKind.DELIVERY, title=title)

    _on_page(compose, f"no-mail-server:{clock.now():%Y-%m-%d}")


def _on_page(compose: Callable[[User], Letter], dedupe: str) -> None:
    notify(recipients=User.objects.admins(), compose=compose, dedupe=dedupe, now=clock.now(), by_mail=False)
