"""Side conversations by the API: what a program writes with a third party, and nothing of it for customers."""

from base64 import b64encode

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


def test_files_go_with_the_letters_of_a_program_and_come_back_byte_by_byte(open_ticket, calling, anna, cora):
    ticket = open_ticket()
    path, trace = f"tickets/{ticket.number}/sides/", {"name": "trace.txt", "content": b64encode(b"hop 1").decode()}
    made = calling(anna).call("POST", path, FIRST | {"attachments": [trace]}).json()
    letter = calling(anna).call("POST", f"{path}{made['id']}/", {"body": "More.", "attachments": [trace]}).json()

    kept = letter["attachments"][0]
    assert (letter["files"], kept["name"], kept["size"]) == (["trace.txt"], "trace.txt", 5)
    assert [len(row.files) for row in Delivery.objects.filter(address=FIRST["address"])] == [1, 1]
    address = kept["url"].partition("/api/v1/")[2]
    answer = calling(anna).call("GET", address)
    assert b"".join(answer.streaming_content) == b"hop 1"
    assert answer["Content-Disposition"].startswith("attachment")
    assert calling(cora).call("GET", address).status_code == 403
    other = open_ticket()
    astray = address.replace(f"tickets/{ticket.number}/", f"tickets/{other.number}/")
    assert calling(anna).call("GET", astray).status_code == 404


def test_a_file_that_is_none_or_too_large_keeps_the_letter_back(open_ticket, calling, anna, settings):
    path = f"tickets/{open_ticket().number}/sides/"
    settings.MAIL_ATTACH_LIMIT = 4
    for content in ("%%%", b64encode(b"hop 1").decode()):
        answer = calling(anna).call("POST", path, FIRST | {"attachments": [{"name": "t.txt", "content": content}]})
        assert answer.status_code == 400
        assert "attachments" in answer.json()["errors"] or "attachments.0.content" in answer.json()["errors"]
    assert not SideConversation.objects.exists()
