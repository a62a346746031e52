"""Completion and the wrong part of a search, as the page gives them."""

import pytest

pytestmark = pytest.mark.each


@pytest.fixture
def asked(client, anna):
    client.force_login(anna)
    return lambda **given: client.get("/inbox/complete/", given).json()["found"]


def test_what_is_begun_is_offered_with_its_place(asked, payments):
    assert asked(q="due:<2h team:pay x", at="16") == [{"text": "payments", "start": 13, "end": 16}]


@pytest.mark.parametrize("caret", ["", "-1", "x", "999", "٣", "1" * 4000])
def test_a_caret_that_is_none_is_the_end(asked, caret):
    assert asked(q="status:wai", at=caret) == [{"text": "waiting", "start": 7, "end": 10}]


def test_the_wrong_part_is_marked_and_harmless(client, anna):
    client.force_login(anna)

    page = client.get("/inbox/", {"q": "payout status:<b>lost today"}, headers={"HX-Request": "true"}).content.decode()

    assert "payout <mark>status:&lt;b&gt;lost</mark> today" in page
