"""Side conversations by the API: what a program writes with a third party, and nothing of it for customers."""

import pytest

from mailroom.models import SideConversation
from notifications.models import Delivery

pytestmark = pytest.mark.usefixtures("payments")

FIRST = {"address": "noc@carrier.example", "subject": "Line 7", "body": "Is it down?"}


def test_a_program_writes_to_a_third_party_and_reads_what_comes_back(open_ticket, calling, anna, at):
    ticket = open_ticket(channel="phone")
    path = f"tickets/{ticket.number}/sides/"

    made = calling(anna).call("POST", path, FIRST).json()
    side = SideConversation.objects.get()
    side.messages.create(by_them=True, trust="none", body="It is repaired.", created_at=at)
    letter = calling(anna).call("POST", f"{path}{made['id']}/", {"body": "Thank you."})

    assert letter.status_code == 201
    assert [row.address for row in Delivery.objects.all()] == ["noc@carrier.example"] * 2
    assert [one["id"] for one in calling(anna).call("GET", path).json()["results"]] == [side.pk]
    letters = calling(anna).call("GET", f"{path}{side.pk}/").json()["results"]
    assert [(one["by_third_party"], one["body"]) for one in letters] == [
        (False, "Is it down?"),
        (True, "It is repaired."),
        (False, "Thank you."),
    ]


def test_a_side_conversation_is_found_on_its_own_ticket_alone(open_ticket, calling, anna):
    one, other = open_ticket(), open_ticket()
    made = calling(anna).call("POST", f"tickets/{one.number}/sides/", FIRST).json()

    assert calling(anna).call("GET", f"tickets/{other.number}/sides/{made['id']}/").status_code == 404


def test_what_is_wrong_is_said_by_its_field(open_ticket, calling, anna, cora):
    answer = calling(anna).call("POST", f"tickets/{open_ticket().number}/sides/", FIRST | {"address": cora.email})

    assert answer.status_code == 400
    assert "This is the customer" in answer.content.decode()
    assert not SideConversation.objects.exists()
