"""Addresses of the web that people type. Pure."""

from urllib.parse import SplitResult, urlsplit

_NOWHERE = SplitResult("", "", "", "", "")


def taken_apart(address: str) -> SplitResult:
    """`urlsplit`, to which “http://[” is an address without any part, and no error."""
    try:
        return urlsplit(address)
    except ValueError:
        return _NOWHERE
