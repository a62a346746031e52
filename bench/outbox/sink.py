"""A mail server that treats each domain as its name says: takes, drops, delays, refuses for now, or never answers.

fine.*    takes it
drop.*    takes it, and hangs up without a word
slow.*    takes it after `DELAY` seconds
later.*   says 451 to each recipient
hang.*    never answers the recipient
"""

import asyncio
import time
from collections import Counter
from email import message_from_bytes, policy
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tools.ports import free_port

DELAY = 3.0
FOR_EVER = 3600.0


class Sink:
    """Runs in a thread of its own while the `with` block lasts."""

    def __init__(self) -> None:
        # Message-ID and recipient of what was taken; how many different ones, and when the last, by mood.
        self.taken: Counter[tuple[str, str]] = Counter()
        self.counts: Counter[str] = Counter()
        self.last: dict[str, float] = {}
        self.sessions = 0
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port(), ready_timeout=10)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._controller.stop()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._controller.port}"

    def forget(self) -> None:
        self.taken.clear()
        self.counts.clear()
        self.sessions = 0

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        mood = _mood(address)
        if mood == "later":
            return "451 4.7.1 Try again later"
        if mood == "hang":
            await asyncio.sleep(FOR_EVER)
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        mood = _mood(envelope.rcpt_tos[0])
        if mood == "slow":
            await asyncio.sleep(DELAY)
        mail = message_from_bytes(envelope.content or b"", policy=policy.default)  # type: ignore[arg-type] # bytes: no str was asked for
        key = str(mail["Message-ID"]), envelope.rcpt_tos[0]
        self.taken[key] += 1
        self.counts[mood] += self.taken[key] == 1
        self.last[mood] = time.monotonic()
        if mood == "drop" and server.transport is not None:
            server.transport.close()
        return "250 taken"


def _mood(address: str) -> str:
    return address.partition("@")[2].partition(".")[0]
