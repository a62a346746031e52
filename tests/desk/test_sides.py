"""The pages of side conversations, of forwarding, and of how teams write."""

import pytest
from django.urls import reverse

from mailroom.models import Letterhead, SideConversation
from notifications.models import Delivery
from tests.desk.helpers import get, post, queries, signed_in, words
from tickets import actions as tickets
from tickets.files import Upload

pytestmark = pytest.mark.usefixtures("payments")

FIRST = {"address": "noc@carrier.example", "name": "NOC", "subject": "Line 7", "body": "Is it down?"}


@pytest.fixture
def ticket(open_ticket):
    return open_ticket(channel="phone")


@pytest.fixture
def side(ticket, anna):
    post(anna, "desk:side_new", ticket.number, **FIRST)
    return SideConversation.objects.get()


def test_a_third_party_is_asked_and_the_answer_awaited_beside_the_ticket(ticket, side, anna):
    assert Delivery.objects.get().address == "noc@carrier.example"
    assert "Line 7" in words(get(anna, "desk:ticket", ticket.number))
    page = words(get(anna, "desk:side", side.pk))
    assert "Is it down?" in page
    assert "sees nothing of it" in page


def test_one_writes_again_on_its_page(side, anna):
    post(anna, "desk:side", side.pk, body="And now?")

    assert [letter.body for letter in side.messages.all()] == ["Is it down?", "And now?"]


def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(ticket, anna):
    answer = post(anna, "desk:side_new", ticket.number, **FIRST | {"address": "support@escala.localhost"})

    assert answer.status_code == 422
    page = words(answer)
    assert "This is the desk's own address." in page
    assert "Is it down?" in page


def test_what_is_forwarded_stands_on_the_page_before_it_goes(ticket, cora, anna, at):
    said = tickets.customer_wrote(
        ticket=ticket, author=cora, body="It says E42.", now=at, attachments=[Upload("a.txt", b"one")]
    )

    page = words(get(anna, "desk:forward", said.pk))
    assert "It says E42." in page
    assert "From: Cora Menezes" in page
    assert "a.txt" in page

    post(anna, "desk:forward", said.pk, address="noc@carrier.example", subject="Fwd: x", note="Look.")
    made = SideConversation.objects.get()
    assert "It says E42." in made.messages.get().body
    assert not made.messages.get().files.exists()


def test_many_letters_cost_as_many_queries_as_one(side, anna, at):
    browser, url = signed_in(anna), reverse("desk:side", args=[side.pk])
    one = queries(browser, url)
    for number in range(49):
        side.messages.create(author=anna, body=f"{number}", created_at=at)

    assert queries(browser, url) == one


def test_an_administrator_says_how_a_team_writes(adam):
    given = {"address": "Pay@Escala.localhost", "name": "Payments", "signature": "*Payments*", "language": "es"}

    post(adam, "desk:letterhead", "payments", **given)

    head = Letterhead.objects.get()
    assert (head.address, head.name, head.language) == ("pay@escala.localhost", "Payments", "es")
    assert "pay@escala.localhost" in words(get(adam, "desk:letterheads"))


@pytest.mark.parametrize(
    ("address", "sentence"),
    [("nobody", "Enter a valid email address."), ("a+b@x.example", "Give an address without a plus")],
)
def test_a_wrong_address_is_said_and_nothing_is_lost(adam, address, sentence):
    answer = post(adam, "desk:letterhead", "payments", address=address, name="Payments")

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert 'value="Payments"' in words(answer)
    assert not Letterhead.objects.exists()
