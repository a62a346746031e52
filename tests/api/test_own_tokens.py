"""The page of one's own tokens: shown once, scoped, ending, revoked."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from api.actions import LONGEST_DAYS, MOST_TOKENS, create_token, make_own_token
from api.models import ApiToken
from common.errors import InvalidInput
from common.models import ConfigurationChange
from tests.desk.helpers import get, post, queries, signed_in, words

NEW = {"name": "CRM at night", "scope": "read", "days": "30"}


def call(secret: str, method: str = "get"):
    return getattr(Client(), method)("/api/v1/tickets/", headers={"Authorization": f"Bearer {secret}"})


def test_a_token_is_shown_once_reads_only_and_ends_by_its_day(anna, payments, time, at):
    answer = post(anna, "tokens", **NEW)

    secret = answer.context["secret"]
    assert secret in words(answer) and "no-store" in answer["Cache-Control"]
    assert secret not in words(get(anna, "tokens")) and "never used" in words(get(anna, "tokens"))
    assert call(secret).status_code == 200 and call(secret, "post").status_code == 403
    assert "last used" in words(get(anna, "tokens"))
    change = ConfigurationChange.objects.get()
    assert change.by == anna and secret not in str(change.after)
    time.move_to(at + timedelta(days=30))
    assert call(secret).status_code == 401


def test_a_revoked_token_opens_nothing_and_only_its_person_revokes_it(anna, rosa, payments, at):
    token, secret = make_own_token(user=anna, name="CRM", days=90, can_write=True, now=at)

    assert post(rosa, "token_revoke", token.pk).status_code == 404
    assert call(secret).status_code == 200
    assert post(anna, "token_revoke", token.pk).status_code == 302
    assert call(secret).status_code == 401


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "a\x01b"}, "control characters"),
        ({"days": "9999"}, "not one of the available choices"),
        ({"scope": "rule"}, "not one of the available choices"),
    ],
)
def test_a_token_that_is_wrong_gets_one_sentence(anna, given, sentence):
    answer = post(anna, "tokens", **{**NEW, **given})

    assert answer.status_code == 422 and sentence in words(answer).replace("Null characters", "control characters")
    assert not ApiToken.objects.exists()


def test_there_is_an_end_to_days_and_to_how_many(anna, at):
    for number in range(MOST_TOKENS):
        create_token(user=anna, name=f"N{number}", now=at)

    for days in (30, 0, LONGEST_DAYS + 1):
        with pytest.raises(InvalidInput):
            make_own_token(user=anna, name="One more", days=days, can_write=False, now=at)
    assert ApiToken.objects.count() == MOST_TOKENS


def test_the_page_costs_the_same_however_many_there_are(anna, at):
    client, counted = signed_in(anna), []
    for many in (1, 3, 15):
        for number in range(ApiToken.objects.count(), many):
            create_token(user=anna, name=f"N{number}", now=at)
        counted.append(queries(client, reverse("tokens")))

    assert len(set(counted)) == 1
