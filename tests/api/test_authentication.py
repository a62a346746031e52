from datetime import timedelta

import pytest
from django.core.cache import cache

from api.actions import create_token
from api.models import ApiToken
from common.errors import InvalidInput
from tests.api.conftest import Caller


def test_without_a_token_the_answer_is_401_and_says_what_to_send(nobody, db):
    answer = nobody.get("tickets/")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 401


@pytest.mark.parametrize("header", ["Bearer esc_wrong", "Bearer ", "Bearer", "Basic YTpi", "Bearer " + "x" * 5000, "é"])
def test_a_bad_header_is_401_and_never_500(header, db):
    caller = Caller(None)
    caller.headers = {"Authorization": header}

    answer = caller.get("tickets/")

    assert answer.status_code == 401
    assert "WWW-Authenticate" in answer.headers


def test_an_expired_token_a_retired_person_and_an_unknown_token_get_the_same_answer(anna, mona, calling, time, at):
    expiring = calling(anna, expires_at=at + timedelta(hours=1))
    retired = calling(mona)
    mona.is_active = False
    mona.save()
    time.move_to(at + timedelta(hours=1))

    answers = [caller.get("tickets/") for caller in (expiring, retired, Caller("esc_nothing"))]

    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert len({answer.content for answer in answers}) == 1


def test_only_the_hash_of_a_token_is_kept(anna, at):
    token, secret = create_token(user=anna, name="bot", now=at)

    assert secret.startswith("esc_")
    assert all(secret not in str(value) for value in ApiToken.objects.values().get(pk=token.pk).values())


def test_a_token_that_would_have_expired_already_is_refused(anna, at):
    with pytest.raises(InvalidInput, match="past"):
        create_token(user=anna, name="bot", now=at, expires_at=at)


def test_the_last_use_is_kept_to_the_minute(anna, calling, time, at, django_assert_num_queries):
    caller = calling(anna)
    caller.get("notifications/")
    assert ApiToken.objects.get().last_used_at == at

    time.move_to(at + timedelta(seconds=59))
    caller.get("notifications/")
    assert ApiToken.objects.get().last_used_at == at

    time.move_to(at + timedelta(seconds=60))
    caller.get("notifications/")
    assert ApiToken.objects.get().last_used_at == at + timedelta(seconds=60)


def test_a_token_for_reading_cannot_write(anna, calling, open_ticket):
    ticket = open_ticket()
    caller = calling(anna, can_write=False)

    assert caller.get(f"tickets/{ticket.number}/").status_code == 200
    answer = caller.post(f"tickets/{ticket.number}/note/", {"body": "Hm."})

    assert answer.status_code == 403
    assert "only read" in answer.json()["detail"]


def test_a_session_is_no_key_to_the_api(anna, nobody):
    nobody.client.force_login(anna)

    assert nobody.get("tickets/").status_code == 401


def test_a_program_that_runs_away_is_told_to_wait(anna, mona, calling, settings):
    settings.API_RATE = 2
    cache.clear()
    agent = calling(anna)

    answers = [agent.get("notifications/") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Content-Type"] == "application/problem+json"
    assert 0 < int(answers[2]["Retry-After"]) <= 61
    assert calling(mona).get("notifications/").status_code == 200
    cache.clear()
