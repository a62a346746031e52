"""What customers ask for, by API: which types there are, and a request of one."""

import pytest

from tickets.models import CustomField, RequestType, Ticket

GOOD = {"subject": "Nothing has arrived", "body": "Since Monday."}


@pytest.fixture
def payout(db) -> RequestType:
    for key, is_required in (("store", True), ("account", False)):
        CustomField.objects.create(key=key, label=key, for_customers=True, is_required=is_required)
    return RequestType.objects.create(name="A payout is late", slug="payout", asks=["store"], kind="incident")


def test_a_program_of_a_customer_reads_them_and_asks_by_one(cora, payout, calling):
    caller = calling(cora)
    given = {**GOOD, "request_type": "payout"}

    (row,) = caller.get("request-types/").json()["results"]
    lacks = caller.post("tickets/", given)
    made = caller.post("tickets/", {**given, "fields": {"store": "Moema"}})

    assert (row["name"], [field["key"] for field in row["fields"]]) == ("payout", ["store", "account"])
    assert (lacks.status_code, list(lacks.json()["errors"])) == (400, ["fields.store"])
    assert made.status_code == 201 and Ticket.objects.get().kind == "incident"


def test_a_program_of_a_colleague_does_not_ask_as_a_customer_does(anna, payout, calling):
    answer = calling(anna).post("tickets/", {**GOOD, "requester": {"email": "x@y.example"}, "request_type": "payout"})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["request_type"])
