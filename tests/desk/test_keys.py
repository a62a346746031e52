"""The single keys: which there are, and a reader's own in their place."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from django.urls import reverse

from common.errors import InvalidInput
from desk.looks.keys import KEYS, STANDARD
from people.keys import own_keys
from tests.desk.helpers import get, post, words

TEMPLATES = Path(__file__).parents[2] / "templates"
# Neither letters nor signs of a page: places by number, two keys in a row, and what stays as it is.
FIXED = re.compile(r"[0-9]|g [a-z]|space|\{\{.*\}\}")


def _keys(page):
    return set(re.findall(r'data-key="([^"]+)"', page))


def name_of(key):
    return next(one.name for one in KEYS if one.key == key)


def test_every_key_of_a_page_can_be_given_another():
    named = {key for path in TEMPLATES.rglob("*.html") for key in re.findall(r'data-key="([^"]+)"', path.read_text())}

    assert {key.removeprefix("shift ") for key in named if not FIXED.fullmatch(key)} == set(STANDARD)


def test_a_tickets_page_has_the_keys_that_are_promised(anna, policy, open_ticket):
    page = words(get(anna, "desk:ticket", open_ticket().number))

    missing = [key for key in ("r", "n", ";", "a", "s", "shift s", "l", "e", "o", "c") if key not in _keys(page)]
    assert missing == []


def test_a_reader_puts_other_keys_in_place_and_every_page_carries_them(anna):
    answer = post(anna, "desk:profile_keys", **{name_of("e"): "Y", name_of(";"): "é", name_of("j"): ""})

    anna.refresh_from_db()
    assert answer["Location"] == reverse("desk:profile") + "#keys"
    assert anna.own_keys == {"e": "y", ";": "é"}
    carried = re.search(r'data-own-keys="([^"]*)"', get(anna, "desk:inbox").content.decode())
    assert json.loads(unescape(carried[1])) == {"e": "y", ";": "é"}


def test_two_keys_change_places(anna):
    post(anna, "desk:profile_keys", **{name_of("j"): "k", name_of("k"): "j"})

    anna.refresh_from_db()
    assert anna.own_keys == {"j": "k", "k": "j"}


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"e": "r"}, "“R” would do two things."),
        ({"e": "y", "r": "y"}, "“Y” would do two things."),
        ({"e": "g"}, "“G” is kept for something else"),
        ({"e": "1"}, "“1” is kept for something else"),
        ({"e": "?"}, "“?” is kept for something else"),
        ({"e": "ab"}, "at most 1 character"),
    ],
)
def test_a_key_that_cannot_be_is_said_and_nothing_is_lost(anna, wrong, why):
    answer = post(anna, "desk:profile_keys", **{name_of(key): own for key, own in wrong.items()}, key_n="ñ")

    anna.refresh_from_db()
    assert answer.status_code == 422
    assert why in words(answer)
    assert 'value="ñ"' in words(answer)
    assert anna.own_keys == {}


def test_the_standard_keys_come_back(anna):
    post(anna, "desk:profile_keys", **{name_of("e"): "y"})
    post(anna, "desk:profile_keys", **{name_of("e"): "y"}, standard="1")

    anna.refresh_from_db()
    assert anna.own_keys == {}
    assert "data-own-keys" not in words(get(anna, "desk:inbox"))


def test_a_sign_that_nobody_sees_is_no_key():
    with pytest.raises(InvalidInput, match="one letter or sign"):
        own_keys({"e": "\x07"}, STANDARD)


def test_customers_have_no_keys_to_choose(cora):
    assert "own-keys" not in words(get(cora, "desk:profile"))
    assert post(cora, "desk:profile_keys", key_e="y").status_code == 404
