"""Calls to addresses that people have typed in: an HTTP client that cannot be made to reach into the house (SECURITY).

The name is resolved once, every address that it has is looked at, and the connection is made to that very address;
redirects are not followed. What an answer may cost is bounded in bytes and in seconds, however it trickles in.
"""

import functools
import ssl
import time
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpcore
from django.conf import settings
from django.utils.translation import gettext as _

from common import egress

SECONDS = 10.0
BYTES = 16_384


class ForbiddenAddressError(Exception):
    """It leads into the house, or is no address that may be called; `str` is one sentence for a person."""


class CallFailedError(OSError):
    """No whole answer came; the host is down as far as we can tell."""


class GoneError(Exception):
    """Whoever was to be called will never take anything again; `str` is why."""


class Answer(NamedTuple):
    status: int
    text: str


def check_url(url: str) -> str:
    """The address as it may be called; ForbiddenAddressError in one sentence. Nothing is resolved here."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ForbiddenAddressError(_("This is no web address.")) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or any(mark in url for mark in " \\\r\n\t"):
        raise ForbiddenAddressError(_("This is no web address."))
    if parts.scheme == "http" and not settings.WEBHOOK_HTTP:
        raise ForbiddenAddressError(_("Only https:// is called, so that nobody on the way can read along."))
    if parts.username or parts.password:
        raise ForbiddenAddressError(_("A name or password in the address is not sent."))
    if port is not None and not 1 <= port <= 65535:
        raise ForbiddenAddressError(_("This is no web address."))
    return url


def post(url: str, *, content: bytes, headers: Mapping[str, str]) -> Answer:
    """One POST, of whose answer as much is read as a log shows."""
    return call("POST", url, content=content, headers=headers)


def call(method: str, url: str, *, content: bytes = b"", headers: Mapping[str, str], most: int = BYTES) -> Answer:
    """One call. ForbiddenAddressError, or CallFailedError where no whole answer came in time; `most` bytes of it."""
    check_url(url)
    ends = time.monotonic() + SECONDS
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), SECONDS)
    pool = httpcore.ConnectionPool(ssl_context=_trusted(), network_backend=_Pinned(ends), retries=0)
    named = [*headers.items(), ("Host", urlsplit(url).netloc), ("User-Agent", "Escala")]
    with pool:
        try:
            with pool.stream(method, url, headers=named, content=content, extensions={"timeout": timeout}) as answer:
                return Answer(answer.status, _beginning(answer.iter_stream(), most))
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as error:
            raise CallFailedError(f"{type(error).__name__}: {error}") from error


@functools.cache
def _trusted() -> ssl.SSLContext:
    """Whom this machine trusts: read once, since reading all authorities costs more than a call."""
    return httpcore.default_ssl_context()


def _beginning(chunks: Iterable[bytes], most: int) -> str:
    """So much as is wanted; the rest is left where it is."""
    found = b""
    for chunk in chunks:
        found += chunk
        if len(found) >= most:
            break
    return found[:most].decode("utf-8", "replace")


def addresses_of(host: str, port: int) -> list[str]:
    """What the name stands for: all of it public, or in a network that the desk's own settings allow."""
    try:
        return egress.resolve(host, port, allowed=settings.WEBHOOK_NETWORKS)
    except egress.UnknownHostError as error:
        raise CallFailedError(f"{host} has no address") from error
    except egress.ForbiddenAddressError as error:
        words = _("%(host)s stands for %(address)s, which is inside this network.")
        raise ForbiddenAddressError(words % {"host": host, "address": error}) from None


class _Pinned(httpcore.SyncBackend):
    """Connects to the address that was looked at, and to no other."""

    def __init__(self, ends: float) -> None:
        self._ends = ends

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        address = addresses_of(host, port)[0]
        stream = super().connect_tcp(address, port, _left(self._ends), local_address, socket_options)
        return _Bounded(stream, self._ends)

    def connect_unix_socket(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        raise CallFailedError("no socket of this machine is called")


class _Bounded(httpcore.NetworkStream):
    """Whatever trickles in: all of it in the seconds that are left."""

    def __init__(self, stream: httpcore.NetworkStream, ends: float) -> None:
        self._stream, self._ends = stream, ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._ends))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._ends))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        # The certificate is that of the name, not of the address.
        return _Bounded(self._stream.start_tls(ssl_context, server_hostname, _left(self._ends)), self._ends)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise httpcore.TimeoutException("it took too long")
    return left
