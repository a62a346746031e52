"""Sums of money as people write them."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from common.errors import InvalidInput

TOO_LARGE = Decimal(10) ** 12
# Groups of three behind one kind of mark, or no groups at all; decimals behind the other kind.
_GROUPED = r"(?P<whole>\d+|\d{1,3}(?:(?P<mark>[.,])\d{3})(?:(?P=mark)\d{3})*)"
_WHOLE = re.compile(_GROUPED)
_DECIMAL = re.compile(_GROUPED + r"[.,](?P<rest>\d{1,2})")


def read_amount(text: str, *, field: str) -> Decimal:
    """A positive sum with at most two decimals, whichever way thousands and decimals are parted.

    “R$ 20.000”, “20,000.50” and “20 000,5” are read; a single mark before exactly three digits parts thousands.
    Raises InvalidInput for `field`.
    """
    bare = re.sub(r"[^\d.,\-]", "", text)
    found = _DECIMAL.fullmatch(bare) or _WHOLE.fullmatch(bare)
    amount = Decimal(_plain(found)) if found else Decimal()
    if not 0 < amount < TOO_LARGE:
        raise InvalidInput.of(field, _("Write a sum, as in 20000 or 20,000.50."))
    return amount


def _plain(found: re.Match[str]) -> str:
    whole = re.sub(r"[.,]", "", found["whole"])
    return f"{whole}.{found.groupdict().get('rest') or '0'}"
