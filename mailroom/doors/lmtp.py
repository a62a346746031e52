"""The door for mail servers: LMTP (RFC 2033) or SMTP, for Postfix, Exim or Dovecot in front of the desk.

A mail is answered with 250 once its bytes are committed, and not before; with 451 while the database is away, so that
the server keeps it and tries again; with 550 and 552 where trying again would not help.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections

from common import clock
from mailroom import recipients
from mailroom.doors import handing
from mailroom.recipients import Standing

logger = logging.getLogger(__name__)

RECIPIENTS_LIMIT = 100
# One line of HTML may be very long; only the sum of all lines is bounded for good.
LINE_LIMIT = 1024 * 1024
TIMEOUT = 300.0
# Who has said so much that is no command is no mail server.
NONSENSE_LIMIT = 10
# More than one so that a mail of fifty megabytes holds up nobody; few, since each has a connection to the database.
THREADS = 2

NONSENSE = "421 4.7.0 Too many lines that are no command"
AWAY = "451 4.3.0 The desk cannot keep mail at this moment; try again"
TOO_LARGE = "552 5.3.4 Larger than the desk takes"
PAUSED = "450 4.2.1 This address takes no mail at present; try again"
UNKNOWN = "550 5.1.1 There is nobody of this address here"

_T = TypeVar("_T")


class Address(Protocol):
    """Where to listen, and what is spoken there (`config.mail_settings.Door`)."""

    @property
    def host(self) -> str: ...

    @property
    def port(self) -> int: ...

    @property
    def speaks_lmtp(self) -> bool: ...


class Handler:
    """What aiosmtpd asks at each step; the answers are SMTP's own."""

    def __init__(self, hand_over: Callable[[int], None], *, per_recipient: bool) -> None:
        self.hand_over = hand_over
        self.per_recipient = per_recipient
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="door")

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name for it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= RECIPIENTS_LIMIT:
            return "452 4.5.3 Too many recipients"
        try:
            standing = await self._asking(recipients.standing_of, address)
        except (DatabaseError, InterfaceError):
            return AWAY
        if standing is not Standing.KNOWN:
            return PAUSED if standing is Standing.PAUSED else UNKNOWN
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        answer = await self._take(envelope)
        # RFC 2033, 4.2: an LMTP server answers once for each recipient that it took.
        return "\r\n".join([answer] * len(envelope.rcpt_tos)) if self.per_recipient else answer

    async def handle_exception(self, error: Exception) -> str:
        logger.exception("The door met an error.", exc_info=error)
        return AWAY

    def close(self) -> None:
        self._threads.shutdown(wait=True)

    async def _take(self, envelope: Envelope) -> str:
        try:
            content, sender, addresses = envelope.original_content or b"", envelope.mail_from, tuple(envelope.rcpt_tos)
            kept = await self._asking(handing.keep, content, sender, addresses)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("A mail could not be kept: %s", error)
            return AWAY
        self.hand_over(kept.pk)
        return "250 2.0.0 Kept"

    async def _asking(self, question: Callable[..., _T], *given: Any) -> _T:
        """In a thread that may wait for the database."""

        def ask() -> _T:
            try:
                clock.synchronise()
                return question(*given)
            finally:
                connections.close_all()

        return await asyncio.get_running_loop().run_in_executor(self._threads, ask)


class _Bounded:
    """Breaks off a mail that goes on and on, which aiosmtpd reads to its end first, be it a gigabyte on one line; and
    whoever goes on with what is no command, of which aiosmtpd counts the short lines only."""

    transport: Any
    line_length_limit = LINE_LIMIT
    _since_answer = 0
    _nonsense = 0

    def data_received(self, data: bytes) -> None:
        self._since_answer += len(data)
        if self._since_answer <= settings.MAIL_SIZE_LIMIT + LINE_LIMIT:
            super().data_received(data)  # type: ignore[misc] # of the protocol that this is mixed into
        elif not self.transport.is_closing():
            self.transport.write(TOO_LARGE.encode("ascii") + b"\r\n")
            self.transport.close()

    async def push(self, status: Any) -> None:
        self._since_answer = 0
        self._nonsense += str(status).startswith("500 ")
        is_enough = self._nonsense >= NONSENSE_LIMIT
        await super().push(NONSENSE if is_enough else status)  # type: ignore[misc] # the same
        if is_enough:
            self.transport.close()


class LmtpProtocol(_Bounded, LMTP):
    pass


class SmtpProtocol(_Bounded, SMTP):
    pass


class Door(Controller):
    """Listens in a thread of its own between `start()` and `stop()`."""

    def __init__(self, given: Address, hand_over: Callable[[int], None]) -> None:
        self.protocol = LmtpProtocol if given.speaks_lmtp else SmtpProtocol
        super().__init__(Handler(hand_over, per_recipient=given.speaks_lmtp), hostname=given.host, port=given.port)

    def factory(self) -> SMTP:
        return self.protocol(
            self.handler,
            data_size_limit=settings.MAIL_SIZE_LIMIT,
            enable_SMTPUTF8=True,
            hostname=settings.MAIL_DOMAIN,
            ident="Escala",
            timeout=TIMEOUT,
            loop=self.loop,
        )

    def stop(self, *given: Any, **named: Any) -> None:
        super().stop(*given, **named)
        self.handler.close()
