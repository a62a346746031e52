"""What the domain name system says, bounded in time; tests give another `Lookup`."""

from typing import Any, Protocol

import dns.exception
import dns.resolver

SECONDS = 4.0


class NoAnswerError(Exception):
    """Nobody answered in time, or the name servers are at odds: nothing is known."""


class Lookup(Protocol):
    """Each answers with nothing for a name that is not there; NoAnswerError where nothing is known."""

    def texts(self, name: str) -> list[str]: ...

    def addresses(self, name: str) -> list[str]: ...

    def exchangers(self, name: str) -> list[str]: ...


class Resolver:
    """The name servers of this machine."""

    def __init__(self) -> None:
        try:
            self._resolver = dns.resolver.Resolver()
        except dns.resolver.NoResolverConfiguration as error:
            raise NoAnswerError(str(error)) from error
        self._resolver.lifetime = SECONDS

    def texts(self, name: str) -> list[str]:
        # The strings of one record belong together, without anything between them (RFC 7208, 3.3).
        return [b"".join(row.strings).decode("utf-8", "replace") for row in self._rows(name, "TXT")]

    def addresses(self, name: str) -> list[str]:
        return [row.address for kind in ("A", "AAAA") for row in self._rows(name, kind)]

    def exchangers(self, name: str) -> list[str]:
        rows = sorted(self._rows(name, "MX"), key=lambda row: int(row.preference))
        return [str(row.exchange).rstrip(".") for row in rows]

    def _rows(self, name: str, kind: str) -> list[Any]:
        try:
            return list(self._resolver.resolve(name, kind, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.exception.DNSException as error:
            raise NoAnswerError(type(error).__name__) from error
