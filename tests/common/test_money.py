"""Sums as people write them."""

from decimal import Decimal

import pytest

from common.errors import InvalidInput
from common.money import read_amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("20000", "20000"),
        ("R$ 20.000", "20000"),
        ("20,000.50", "20000.50"),
        ("20.000,50", "20000.50"),
        ("1.234.567", "1234567"),
        ("20 000,5", "20000.5"),
        ("12.5", "12.5"),
        ("€ 0,99", "0.99"),
        ("1'000", "1000"),
    ],
)
def test_whichever_way_thousands_and_decimals_are_parted(text, amount):
    assert read_amount(text, field="amount") == Decimal(amount)


@pytest.mark.parametrize("text", ["", "much", "-5", "0", "0.00", "1.2345", "9" * 13, "1,2,3", "5-6"])
def test_what_is_no_sum_is_refused(text):
    with pytest.raises(InvalidInput):
        read_amount(text, field="amount")
