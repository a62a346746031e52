"""Type, own fields and merging by API."""

import pytest

from tickets import actions
from tickets.models import CustomField, Ticket


@pytest.fixture
def ticket(open_ticket):
    return open_ticket()


def test_type_and_fields_are_set_and_read(ticket, anna, calling):
    CustomField.objects.create(key="amount", label="Amount", type="number")
    caller = calling(anna)

    caller.post(f"tickets/{ticket.number}/kind/", {"kind": "problem"})
    answer = caller.post(f"tickets/{ticket.number}/fields/", {"fields": {"amount": "12.50"}}).json()

    assert (answer["kind"], answer["fields"]) == ("problem", {"amount": "12.5"})


def test_a_wrong_field_is_a_400_that_names_it(ticket, anna, calling):
    answer = calling(anna).post(f"tickets/{ticket.number}/fields/", {"fields": {"nowhere": "x"}})

    assert answer.status_code == 400
    assert "fields.nowhere" in answer.json()["errors"]


def test_a_ticket_is_opened_with_them_by_agents_only(payments, anna, cora, calling):
    CustomField.objects.create(key="plan", label="Plan", type="choice", choices=["Gold"])
    given = {"subject": "a", "body": "b", "kind": "incident", "fields": {"plan": "Gold"}}

    refused = calling(cora).post("tickets/", given)
    made = calling(anna).post("tickets/", {**given, "requester": {"email": cora.email}}).json()

    assert refused.status_code == 400
    assert (made["kind"], made["fields"]) == ("incident", {"plan": "Gold"})


def test_a_customer_sees_neither(ticket, anna, cora, calling, at):
    calling(anna).post(f"tickets/{ticket.number}/kind/", {"kind": "problem"})

    answer = calling(cora).get(f"tickets/{ticket.number}/").json()

    assert (answer["kind"], answer["fields"], answer["merged_into"]) == (None, {}, None)


def test_merging_answers_with_the_ticket_that_stays(ticket, open_ticket, anna, calling, at):
    target = open_ticket()
    actions.change_status(ticket=target, verb="hold", now=at, by=anna)

    answer = calling(anna).post(f"tickets/{ticket.number}/merge/", {"into": target.number})

    assert (answer.status_code, answer.json()["number"]) == (200, target.number)
    assert Ticket.objects.get(number=ticket.number).merged_into == target
