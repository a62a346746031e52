"""For whom mail is taken: the desk's own address and those of its mailboxes, with or without a token."""

from collections.abc import Iterable
from enum import Enum

from mailroom.models import Mailbox
from mailroom.threads import desk_address


def plain(address: str) -> str:
    """`Support+12-abc@Desk.example` is `support@desk.example` (RFC 5233)."""
    local, _at, domain = address.strip().strip("<>").rpartition("@")
    return f"{local.partition('+')[0]}@{domain}".lower()


class Standing(Enum):
    KNOWN = "known"
    PAUSED = "paused"  # ours, and not now
    UNKNOWN = "unknown"


def standing_of(address: str) -> Standing:
    """Whether mail for this address is ours to take, and now."""
    wanted = plain(address)
    paused = Mailbox.objects.filter(address__iexact=wanted).values_list("is_paused", flat=True).first()
    if paused is None:
        return Standing.KNOWN if wanted == desk_address() else Standing.UNKNOWN
    return Standing.PAUSED if paused else Standing.KNOWN


def mailbox_of(addresses: Iterable[str]) -> int | None:
    """The key of the first of our mailboxes that one of these addresses belongs to."""
    for address in addresses:
        found = Mailbox.objects.filter(address__iexact=plain(address)).values_list("pk", flat=True).first()
        if found is not None:
            return found
    return None
