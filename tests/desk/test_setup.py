"""The first day of an empty desk."""

import threading

import pytest
from django.db import connection
from django.test import Client

from common import clock
from common.errors import NotAllowedNow
from desk import starter
from escalation import sweep
from escalation.models import Escalation, Ladder, Procedure
from notifications.models import Alert
from people.models import Team, User
from sla.models import Clock, Policy
from tickets.actions import open_ticket

GOOD = {"name": "Adam Berg", "email": "adam@example.com", "password": "a long way home"}


def test_an_empty_desk_leads_to_its_first_page(client: Client, db):
    answer = client.get("/")

    assert answer["Location"] == "/setup/"
    assert client.get("/setup/").status_code == 200


def test_the_first_administrator_is_made_and_signed_in(client: Client, db):
    answer = client.post("/setup/", GOOD)

    adam = User.objects.get()
    assert (adam.email, adam.role) == ("adam@example.com", "admin")
    assert answer["Location"] == "/settings/start/"
    assert client.get("/")["Location"] == "/inbox/"


def test_the_page_is_gone_as_soon_as_there_is_an_administrator(client: Client, adam):
    assert client.get("/setup/").status_code == 404
    assert client.post("/setup/", GOOD).status_code == 404
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"password": "short"}, "too short"),
        ({"password": "password123"}, "too common"),
        ({"password": "adam@example.com"}, "too similar"),
        ({"email": "nobody"}, "valid email"),
        ({"name": ""}, "required"),
        ({"name": "two\nlines"}, "one line"),
    ],
)
def test_wrong_input_is_said_and_nothing_is_made(client: Client, db, wrong, sentence):
    answer = client.post("/setup/", {**GOOD, **wrong})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert User.objects.count() == 0
    assert Policy.objects.count() == 0


def test_an_address_that_a_customer_has_is_refused(client: Client, cora):
    answer = client.post("/setup/", {**GOOD, "email": cora.email.upper()})

    assert answer.status_code == 422
    assert "already" in answer.content.decode()
    assert not User.objects.admins().exists()


def test_a_new_desk_keeps_the_crucial_promise(db, time, at):
    adam = starter.found(**GOOD, now=at)
    cora = User.objects.create_user("cora@example.com", name="Cora Menezes")

    ticket = open_ticket(subject="Payouts are stuck", body="Now.", requester=cora, priority="urgent", now=at)
    time.move_to(Clock.objects.get(metric="first_response").due_at)
    sweep.run()

    assert ticket.team == Team.objects.get(is_fallback=True)
    assert Escalation.objects.get().ticket == ticket
    assert Alert.objects.filter(recipient=adam).exists()


@pytest.mark.parametrize("priority", ["low", "normal", "high", "urgent"])
def test_every_ticket_of_a_new_desk_has_a_clock(db, at, priority):
    starter.found(**GOOD, now=at)
    cora = User.objects.create_user("cora@example.com", name="Cora Menezes")

    open_ticket(subject="x", body="y", requester=cora, priority=priority, now=at)

    assert set(Clock.objects.values_list("metric", flat=True)) == {"first_response", "resolution"}


def test_installing_twice_adds_nothing(db, at):
    starter.install(at)
    before = _counts()

    starter.install(at)

    assert _counts() == before


def test_the_second_of_two_is_told_that_there_is_one(db, at):
    starter.found(**GOOD, now=at)

    with pytest.raises(NotAllowedNow):
        starter.found(**{**GOOD, "email": "eve@example.com"}, now=at)

    assert User.objects.get().email == "adam@example.com"


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_make_one_administrator(at):
    together, outcomes = threading.Barrier(2), []

    def press(email: str) -> None:
        together.wait()
        try:
            starter.found(**{**GOOD, "email": email}, now=clock.now())
            outcomes.append("made")
        except NotAllowedNow:
            outcomes.append("refused")
        finally:
            connection.close()

    both = [threading.Thread(target=press, args=[f"{name}@example.com"]) for name in ("adam", "eve")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    assert sorted(outcomes) == ["made", "refused"]
    assert User.objects.admins().count() == 1


def _counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Team, Policy, Ladder, Procedure))
