"""The same key: one effect, one answer."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from api import idempotency
from api.models import IdempotentAnswer
from tests.api.conftest import Caller
from tests.factories.people import make_team, make_user
from tickets.models import Message, Ticket

BODY = {"subject": "Payout stuck", "body": "Since noon.", "requester": {"email": "new@somewhere.example"}}
KEY = {"Idempotency-Key": "k-1"}


def test_a_repeat_gets_the_same_answer_and_does_nothing(anna, calling, payments):
    agent = calling(anna)

    first = agent.post("tickets/", BODY, **KEY)
    second = agent.post("tickets/", BODY, **KEY)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert Ticket.objects.count() == 1


def test_spacing_and_order_of_the_body_do_not_make_another_request(anna, calling, open_ticket):
    number = open_ticket().number
    agent = calling(anna)

    agent.call(
        "POST", f"tickets/{number}/assign/", b'{"team": "payments", "assignee": "anna@meridiano.example"}', **KEY
    )
    repeat = agent.call(
        "POST", f"tickets/{number}/assign/", b'{"assignee":"anna@meridiano.example","team":"payments"}', **KEY
    )

    assert repeat["Idempotent-Replayed"] == "true"


def test_the_same_key_with_another_body_or_address_is_422(anna, calling, open_ticket):
    number = open_ticket().number
    agent = calling(anna)
    agent.post(f"tickets/{number}/note/", {"body": "One"}, **KEY)

    other_body = agent.post(f"tickets/{number}/note/", {"body": "Two"}, **KEY)
    other_address = agent.post(f"tickets/{number}/reply/", {"body": "One"}, **KEY)

    assert (other_body.status_code, other_address.status_code) == (422, 422)
    assert "another request" in other_body.json()["detail"]
    assert Message.objects.filter(ticket=number).count() == 2


def test_a_key_belongs_to_one_person(anna, mona, calling, open_ticket):
    number = open_ticket().number

    calling(anna).post(f"tickets/{number}/note/", {"body": "One"}, **KEY)
    answer = calling(mona).post(f"tickets/{number}/note/", {"body": "One"}, **KEY)

    assert answer.status_code == 201
    assert "Idempotent-Replayed" not in answer.headers


def test_what_was_refused_may_be_tried_again_with_the_same_key(anna, calling, open_ticket):
    number = open_ticket().number
    agent = calling(anna)

    too_early = agent.post(f"tickets/{number}/close/", **KEY)
    agent.post(f"tickets/{number}/solve/")
    again = agent.post(f"tickets/{number}/close/", **KEY)

    assert (too_early.status_code, again.status_code) == (409, 200)


def test_bad_input_under_a_key_keeps_nothing(anna, calling, payments):
    answer = calling(anna).post("tickets/", {**BODY, "subject": ""}, **KEY)

    assert answer.status_code == 400
    assert not IdempotentAnswer.objects.exists()


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb"])
def test_a_key_that_is_none_is_400(key, anna, calling, open_ticket):
    answer = calling(anna).post(f"tickets/{open_ticket().number}/note/", {"body": "One"}, **{"Idempotency-Key": key})

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["Idempotency-Key"]


def test_after_a_day_the_key_is_forgotten(anna, calling, open_ticket, time, at):
    number = open_ticket().number
    agent = calling(anna)
    agent.post(f"tickets/{number}/note/", {"body": "One"}, **KEY)

    time.move_to(at + timedelta(hours=24, seconds=1))
    answer = agent.post(f"tickets/{number}/note/", {"body": "Two"}, **KEY)

    assert answer.status_code == 201
    assert IdempotentAnswer.objects.count() == 1


def test_answer_and_effect_are_kept_together_or_not_at_all(anna, calling, open_ticket, monkeypatch):
    number = open_ticket().number

    def break_down(*args, **kwargs):
        raise RuntimeError("after the effect")

    monkeypatch.setattr("api.calls.tickets.message_shape", break_down)
    agent = calling(anna)
    agent.client.raise_request_exception = False

    assert agent.post(f"tickets/{number}/note/", {"body": "One"}, **KEY).status_code == 500
    assert not IdempotentAnswer.objects.exists()
    assert Message.objects.filter(ticket=number).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_request_ten_times_at_once_has_one_effect(calling):
    agent = make_user("Anna Lindqvist")
    make_team("Payments", members=[agent], is_fallback=True)
    headers = calling(agent).headers
    start = threading.Barrier(10)
    answers = []

    def send() -> None:
        caller = Caller(None)
        caller.headers = headers
        start.wait()
        answers.append(caller.post("tickets/", BODY, **KEY))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert Ticket.objects.count() == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 9


def test_purging_says_how_many_it_forgot(anna, at):
    for hours in (1, 23, 25, 30):
        IdempotentAnswer.objects.create(
            user=anna, key=str(hours), fingerprint="", status=200, body={}, created_at=at - timedelta(hours=hours)
        )

    assert idempotency.purge(at) == 2
