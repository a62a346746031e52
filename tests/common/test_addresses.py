"""What people type as an address is taken apart, or is none."""

import pytest

from common.addresses import taken_apart
from visits.sites import origins, wrong_sites


def test_an_address_has_its_parts():
    assert taken_apart("https://shop.example/pay?a=1")[:4] == ("https", "shop.example", "/pay", "a=1")


@pytest.mark.parametrize("typed", ["http://[", "//[x", "https://[::1", "http://[a]b/"])
def test_what_is_no_address_has_none(typed):
    assert "".join(taken_apart(typed)) == ""
    assert wrong_sites(origins(typed)) == typed
