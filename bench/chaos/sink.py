"""A mail server that remembers everything it takes, whoever died before hearing that it was taken (RFC 5321)."""

import asyncio
import threading
from email import message_from_bytes, policy
from typing import NamedTuple, Self

from tools.ports import free_port

GREETING = b"220 sink\r\n"
ANSWERS = {
    "EHLO": b"250 sink\r\n",
    "HELO": b"250 sink\r\n",
    "MAIL": b"250 ok\r\n",
    "RCPT": b"250 ok\r\n",
    "RSET": b"250 ok\r\n",
    "NOOP": b"250 ok\r\n",
    "DATA": b"354 go on\r\n",
    "QUIT": b"221 bye\r\n",
}


class Mail(NamedTuple):
    message_id: str
    recipient: str
    subject: str


class Sink:
    """Runs in a thread of its own while the `with` block lasts."""

    def __init__(self) -> None:
        self.port = free_port()
        self.taken: list[Mail] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        starting = asyncio.start_server(self._serve, "127.0.0.1", self.port)
        asyncio.run_coroutine_threadsafe(starting, self._loop).result()
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(GREETING)
            while line := await reader.readline():
                verb = line[:4].decode("ascii", "replace").upper()
                writer.write(ANSWERS.get(verb, b"500 what?\r\n"))
                if verb == "DATA":
                    self._take(await reader.readuntil(b"\r\n.\r\n"))
                    writer.write(b"250 taken\r\n")
                await writer.drain()
                if verb == "QUIT":
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            # The sender was killed; what it had not finished was not taken.
            pass
        finally:
            writer.close()

    def _take(self, data: bytes) -> None:
        mail = message_from_bytes(data, policy=policy.default)
        self.taken.append(Mail(str(mail["Message-ID"]), str(mail["To"]), str(mail["Subject"])))
