"""“Escalate this request” (R8)."""

from datetime import timedelta

import pytest
from django.test import Client

from escalation import services as escalations
from escalation.enums import Kind, Origin, State
from escalation.models import Escalation
from notifications.models import Alert
from tests.desk.helpers import names_an_escalation
from tickets import services as tickets

GOOD = {"reason": "staff", "summary": "Nobody\nhas told us anything."}


@pytest.fixture
def as_cora(client: Client, cora) -> Client:
    client.force_login(cora)
    return client


def test_the_form_says_who_is_asked_and_until_when(as_cora, open_ticket):
    page = as_cora.get(f"/help/{open_ticket().number}/escalate/").content.decode()

    assert "Mona Farias is asked at once" in page
    assert "12:00" in page


def test_a_customer_escalates_and_sees_a_name_and_a_time(as_cora, cora, mona, policy, open_ticket):
    ticket = open_ticket()

    page = as_cora.post(f"/help/{ticket.number}/escalate/", GOOD, follow=True).content.decode()

    escalation = Escalation.objects.get()
    assert (escalation.kind, escalation.origin, escalation.state) == (
        Kind.HIERARCHICAL,
        Origin.CUSTOMER,
        State.REQUESTED,
    )
    assert escalation.summary == "Nobody has told us anything."
    assert Alert.objects.filter(recipient=mona, escalation_number=escalation.number).exists()
    assert "Mona Farias looks at it" in page
    assert "Answer from a manager" in page and "12:00" in page


def test_asking_twice_is_answered_with_what_is_under_way(as_cora, open_ticket):
    ticket = open_ticket()
    as_cora.post(f"/help/{ticket.number}/escalate/", GOOD)

    answer = as_cora.post(f"/help/{ticket.number}/escalate/", GOOD)

    assert answer.status_code == 409
    assert "A manager has this before him already" in answer.content.decode()
    assert not names_an_escalation(answer.content.decode())
    assert Escalation.objects.count() == 1


def test_what_a_colleague_asked_already_is_no_number_for_a_customer(as_cora, anna, open_ticket, at):
    ticket = open_ticket()
    escalations.escalate(
        user=anna,
        ticket_number=ticket.number,
        kind="hierarchical",
        severity=2,
        reason="funding",
        summary="Pay?",
        now=at,
    )

    answer = as_cora.post(f"/help/{ticket.number}/escalate/", GOOD)

    assert answer.status_code == 409
    assert not names_an_escalation(answer.content.decode())


def test_a_solved_request_is_opened_first(as_cora, anna, open_ticket, at):
    ticket = open_ticket()
    tickets.change_status(user=anna, number=ticket.number, verb="solve", now=at)

    answer = as_cora.get(f"/help/{ticket.number}/escalate/")

    assert answer.status_code == 409
    assert "This request is solved" in answer.content.decode()


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"reason": "promise"}, {"summary": ""}, {"summary": "x" * 301}])
def test_wrong_input_is_the_form_again(as_cora, open_ticket, wrong):
    ticket = open_ticket()

    answer = as_cora.post(f"/help/{ticket.number}/escalate/", {**GOOD, **wrong})

    assert answer.status_code == 422
    assert Escalation.objects.count() == 0


def test_a_refusal_is_told_by_name_and_leaves_the_note_with_colleagues(as_cora, mona, open_ticket, at, time):
    ticket = open_ticket()
    as_cora.post(f"/help/{ticket.number}/escalate/", GOOD)
    time.move_to(at + timedelta(minutes=20))
    escalations.decide(
        user=mona, number=Escalation.objects.get().number, decision="decline", note="Not worth it.", now=time.now
    )

    page = as_cora.get(f"/help/{ticket.number}/").content.decode()

    assert "Mona Farias looked at it" in page
    assert "Not worth it." not in page
    assert "Escalate this request" in page
