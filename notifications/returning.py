"""Where a mail comes back to that cannot be delivered: an address of its own for each (VERP), short and signed.

What comes to it is about that mail, whatever it says and however badly. The addresses are those of mailboxes whose
provider was seen to keep what stands behind the plus; the floor above writes them down here.
"""

import base64
import hmac
from collections.abc import Collection, Iterable
from email.utils import parseaddr

from django.conf import settings
from django.utils.crypto import salted_hmac

from notifications.models import Delivery, ReturnAddress
from notifications.return_tokens import TOKEN

SALT = "notifications.returning"
SIGNATURE_BYTES = 10
# Of what it is a sign: a delivery that came back, or the trial of a mailbox.
BOUNCE, TRIAL = "b", "t"


def address_for(what: str, key: int, base: str) -> str:
    """`support+b4821-…@desk.example`, at most forty characters more than the mailbox's own address."""
    local, _at, domain = base.rpartition("@")
    return f"{local}+{what}{key}-{_signature(what, key, settings.SECRET_KEY)}@{domain}"


def return_path(delivery: Delivery, bases: Collection[str]) -> str:
    """The sender of the envelope; empty where none of these mailboxes is of the domain that the mail comes from."""
    sender = parseaddr(delivery.sender or settings.DEFAULT_FROM_EMAIL)[1].lower()
    if sender in bases:
        return address_for(BOUNCE, delivery.pk, sender)
    domain = sender.rpartition("@")[2]
    near = sorted(base for base in bases if base.rpartition("@")[2] == domain)
    return address_for(BOUNCE, delivery.pk, near[0]) if near else ""


def bases() -> frozenset[str]:
    return frozenset(ReturnAddress.objects.values_list("address", flat=True))


def set_bases(addresses: Iterable[str]) -> None:
    """Exactly these, in the caller's transaction."""
    wanted = set(addresses)
    ReturnAddress.objects.exclude(address__in=wanted).delete()
    ReturnAddress.objects.bulk_create([ReturnAddress(address=one) for one in sorted(wanted)], ignore_conflicts=True)


def key_in(what: str, addresses: Iterable[str]) -> int | None:
    """The key that the first of these addresses with a true signature names."""
    for address in addresses:
        found = TOKEN.fullmatch(address.lower())
        if found and found["what"] == what and _is_ours(what, int(found["key"]), found["signature"]):
            return int(found["key"])
    return None


def _is_ours(what: str, key: int, signature: str) -> bool:
    known = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(hmac.compare_digest(signature, _signature(what, key, secret)) for secret in known)


def _signature(what: str, key: int, secret: str | bytes) -> str:
    digest = salted_hmac(SALT, f"{what}{key}", secret=secret, algorithm="sha256").digest()
    return base64.b32encode(digest[:SIGNATURE_BYTES]).decode("ascii").lower()
