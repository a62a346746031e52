"""Where the desk may connect to when somebody typed the address (SECURITY, SSRF).

A name is resolved once, every address that it has is looked at, and the connection goes to the very address that was
looked at: a name that changes its answer in between gains nothing.
"""

import ipaddress
import socket
from collections.abc import Iterable, Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# An IPv4 address inside of an IPv6 one (RFC 6052; RFC 4291, 2.5.5.1).
_WRAPPERS = tuple(ipaddress.IPv6Network(text) for text in ("64:ff9b::/96", "::/96"))


class UnknownHostError(Exception):
    """The name has no address."""


class ForbiddenAddressError(Exception):
    """The host lies where the desk may not go; the text is the address."""


def resolve(host: str, port: int, *, allowed: Iterable[Network] = ()) -> list[str]:
    """The host's addresses, each of them a public one or in an allowed network.

    Raises UnknownHostError, or ForbiddenAddressError where a single one of them is neither.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnknownHostError(host) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not may_reach(address, allowed=allowed):
            raise ForbiddenAddressError(address)
    return addresses


def may_reach(text: str, *, allowed: Iterable[Network] = ()) -> bool:
    """A numeric address that is public, whatever it is wrapped into, or lies in an allowed network."""
    address = _unwrapped(ipaddress.ip_address(text.partition("%")[0]))
    if any(address.version == network.version and address in network for network in allowed):
        return True
    return address.is_global and not address.is_multicast and not address.is_reserved


def connect(addresses: Sequence[str], port: int, *, timeout: float | None) -> socket.socket:
    """To the first of these numeric addresses that answers."""
    failure: OSError = TimeoutError()
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout)
        except OSError as error:
            failure = error
    raise failure


def _unwrapped(address: Address) -> Address:
    if not isinstance(address, ipaddress.IPv6Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in _WRAPPERS) and int(address) > 1:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address
