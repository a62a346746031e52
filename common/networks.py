"""From where somebody calls, as far as one caller is to be told from others (rate limits)."""

import ipaddress

_IPV6_HOME = 64


def home_of(address: str) -> str:
    """The address, of IPv6 the network that one household has; empty for what is none, as behind a local socket.

    A server that listens to both writes IPv4 as IPv6 (RFC 4291, 2.5.5.2): taken for that, all the world is one home.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, _IPV6_HOME), strict=False))
