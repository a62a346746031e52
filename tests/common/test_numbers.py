"""What is no plain number in an address or a form is none, and fails nowhere."""

import pytest

from common.numbers import whole


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("4821", 4821), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_digits_alone_are_a_number(text, number):
    assert whole(text) == number


@pytest.mark.parametrize("text", ["", "-1", "1.0", " 1", "²", "٣", "1_000", "9" * 19, "9" * 5000])
def test_anything_else_is_none(text):
    assert whole(text) is None


def test_so_many_digits_at_most():
    assert (whole("9999", 4), whole("10000", 4)) == (9999, None)
