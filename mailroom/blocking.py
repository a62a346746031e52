"""Senders whose mail is kept, dropped, and never answered."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from mailroom.models import BlockedSender
from mailroom.threads import desk_address
from people.models import User

_PATTERN = re.compile(r"[^\s@]{0,64}@[^\s@]+\.[^\s@]+")


def pattern_of(text: str) -> str:
    """An address, or a domain with its sign, in small letters. Raises InvalidInput for what blocks our own people."""
    pattern = text.strip().casefold()
    if not _PATTERN.fullmatch(pattern) or len(pattern) > 254:
        raise InvalidInput.of("pattern", _("Give an address, or a domain like @example.com."))
    if desk_address().endswith(pattern) or _staff(pattern):
        raise InvalidInput.of("pattern", _("That would block the desk's own people."))
    return pattern


def patterns_for(address: str) -> tuple[str, str]:
    """Those that would block this sender: his address, and his domain."""
    address = address.casefold()
    return address, f"@{address.rpartition('@')[2]}"


def blocked_among(senders: Iterable[str]) -> frozenset[str]:
    """Of the patterns that would block these senders, those that there are."""
    asked = {pattern for sender in senders for pattern in patterns_for(sender)}
    return frozenset(BlockedSender.objects.filter(pattern__in=asked).values_list("pattern", flat=True))


def _staff(pattern: str) -> bool:
    how = "iendswith" if pattern.startswith("@") else "iexact"
    return User.objects.active().staff().filter(**{f"email__{how}": pattern}).exists()
