"""Watchers from outside: whoever was in copy, made one by an agent's hand; a copy alone gives no access (SECURITY)."""

import pytest

from common.errors import InvalidInput, Refused
from mailroom import correspondence, intake
from mailroom.models import Follower, ReceivedMail
from mailroom.threads import token_for
from notifications.models import Delivery
from tests.mailroom.mails import answer, compose
from tickets import actions as tickets
from tickets.models import Message, Ticket

pytestmark = pytest.mark.usefixtures("payments")

BRUNO = "bruno@livraria-aurora.example"


@pytest.fixture
def copied(at) -> Message:
    """A request with Bruno and a colleague of the desk in copy."""
    intake.accept(compose(Cc=f"Bruno Reis <{BRUNO}>, Anna <anna@meridiano.example>"), now=at)
    Delivery.objects.all().delete()
    return Message.objects.get()


def follow(anna, message, at, address=BRUNO) -> str:
    return correspondence.add_follower(user=anna, message=message.pk, address=address, now=at)


def test_who_is_in_copy_is_named_and_gets_nothing(copied, anna, at):
    tickets.reply(ticket=copied.ticket, author=anna, body="Which bank?", now=at)

    assert ReceivedMail.objects.get().people == [
        {"name": "Bruno Reis", "address": BRUNO},
        {"name": "Anna", "address": "anna@meridiano.example"},
    ]
    assert [letter.address for letter in Delivery.objects.all()] == ["cora@livraria-aurora.example"]


def test_a_watcher_gets_the_public_answers_under_a_token_of_his_own(copied, anna, at):
    assert follow(anna, copied, at) == "Bruno Reis"

    tickets.reply(ticket=copied.ticket, author=anna, body="Which bank?", now=at)
    tickets.note(ticket=copied.ticket, author=anna, body="CANARY", now=at)

    letter = Delivery.objects.get(address=BRUNO)
    assert letter.thread_token == token_for(copied.ticket_id, BRUNO)
    assert letter.context["action_url"] == ""
    assert Delivery.objects.count() == 2


def test_a_watchers_answer_is_his_own_word_on_the_ticket(copied, anna, at):
    follow(anna, copied, at)
    tickets.reply(ticket=copied.ticket, author=anna, body="Which bank?", now=at)

    intake.accept(answer(Delivery.objects.get(address=BRUNO), "Ipê.", sender=BRUNO), now=at)

    said = Message.objects.latest("pk")
    assert (said.ticket_id, said.author.email, said.by_customer) == (copied.ticket_id, BRUNO, True)
    assert Ticket.objects.count() == 1


def test_a_watcher_no_longer_is_a_stranger_again(copied, anna, at):
    follow(anna, copied, at)
    tickets.reply(ticket=copied.ticket, author=anna, body="Which bank?", now=at)
    correspondence.remove_follower(user=anna, pk=Follower.objects.get().pk, now=at)

    intake.accept(answer(Delivery.objects.get(address=BRUNO), "Ipê.", sender=BRUNO), now=at)

    assert copied.ticket.messages.count() == 2


def test_a_colleague_in_copy_becomes_a_watcher_like_any_other(copied, anna, at):
    follow(anna, copied, at, "anna@meridiano.example")

    assert list(copied.ticket.watchers.all()) == [anna]
    assert not Follower.objects.exists()


@pytest.mark.parametrize(
    "address", ["stan@elsewhere.example", "cora@livraria-aurora.example", "support@escala.localhost"]
)
def test_nobody_who_was_not_in_copy_is_added(copied, anna, at, address):
    with pytest.raises(InvalidInput):
        follow(anna, copied, at, address)


def test_a_customer_adds_nobody(copied, at):
    with pytest.raises(Refused):
        follow(copied.author, copied, at)
