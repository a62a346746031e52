"""Senders whose mail is kept, dropped, and never answered."""

import re

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


def blocked_by(address: str) -> str:
    """The pattern that blocks this sender, or nothing."""
    address = address.casefold()
    domain = f"@{address.rpartition('@')[2]}"
    found = BlockedSender.objects.filter(pattern__in=[address, domain]).values_list("pattern", flat=True).first()
    return found or ""


def _staff(pattern: str) -> bool:
    how = "iendswith" if pattern.startswith("@") else "iexact"
    return User.objects.active().staff().filter(**{f"email__{how}": pattern}).exists()
