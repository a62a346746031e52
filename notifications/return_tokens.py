"""What a return address of ours looks like, before anybody has verified it. Pure: the reader of mail asks here, too."""

import re
from collections.abc import Iterable

TOKEN = re.compile(r"[^+@]+\+(?P<what>[bt])(?P<key>[1-9]\d{0,17})-(?P<signature>[a-z2-7]{16})@[^@]+")


def looks_returned(addresses: Iterable[str]) -> bool:
    return any(TOKEN.fullmatch(address.lower()) for address in addresses)
