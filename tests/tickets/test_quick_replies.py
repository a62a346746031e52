"""Quick replies: filled in for the customer, and never sent with a hole in them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from common.errors import InvalidInput
from tests.desk.helpers import signed_in
from tests.factories.people import make_team
from tickets import composer, quick_replies
from tickets.models import Draft, QuickReply


@pytest.fixture
def ticket(policy, open_ticket, cora, at):
    cora.language, cora.time_zone = "pt-br", "America/Sao_Paulo"
    cora.save()
    ticket = open_ticket()
    ticket.refresh_from_db()
    return ticket


def test_every_placeholder_has_its_words(ticket, anna, at):
    text = "{customer.name}|{customer.first_name}|{ticket.number}|{ticket.subject}|{agent.name}|{team.name}|{time}"

    filled = quick_replies.fill(text, quick_replies.values(ticket, anna, at))

    # Due at 16:00 UTC, which is 13:00 on Cora's watch.
    words = ["Cora Menezes", "Cora", str(ticket.number), "Payouts are stuck", "Anna Lindqvist", "Payments", "13:00"]
    assert filled == "|".join(words)
    assert set(quick_replies.values(ticket, anna, at)) == set(quick_replies.NAMES)


def test_what_is_unknown_or_empty_stays_in_its_braces(ticket, anna, at):
    ticket.next_due_at = at - timedelta(hours=1)

    filled = quick_replies.fill("{time} {custmer.name} {customer.name}", quick_replies.values(ticket, anna, at))

    assert filled == "{time} {custmer.name} Cora Menezes"
    assert quick_replies.unresolved(filled) == ["{time}", "{custmer.name}"]


@pytest.mark.parametrize("text", ["`{time}`", "```\n{customer.name}\n```", '{"id": 3}', "{Time}", "{ time }", "{}"])
def test_braces_that_are_code_or_no_placeholder_are_left_alone(ticket, anna, at, text):
    assert quick_replies.unresolved(text) == []
    assert quick_replies.fill(text, quick_replies.values(ticket, anna, at)) == text


def test_a_reply_with_a_hole_is_not_sent(ticket, anna, at):
    with pytest.raises(InvalidInput, match=r"Fill in \{custmer.name\} before you send it, or take it out."):
        composer.send_reply(user=anna, number=ticket.number, body="Hello {custmer.name}", now=at)

    assert not Draft.objects.on_their_way().exists()


def test_a_placeholder_typed_by_hand_is_filled_in_when_the_reply_is_sent(ticket, anna, at):
    draft = composer.send_reply(user=anna, number=ticket.number, body="Hello {customer.first_name}", now=at)

    assert draft.body == "Hello Cora"


def test_the_customer_s_language_comes_first_then_the_team(ticket, payments):
    other = make_team("Terminals")
    for title, team, language, enabled in [
        ("english", payments, "en", True),
        ("everybody's", None, "pt-br", True),
        ("ours", payments, "pt-br", True),
        ("theirs", other, "pt-br", True),
        ("old", payments, "pt-br", False),
    ]:
        QuickReply.objects.create(title=title, body="x", team=team, language=language, is_enabled=enabled)

    assert [row.title for row in quick_replies.for_ticket(ticket)] == ["ours", "everybody's", "english"]


def test_the_admin_refuses_a_placeholder_that_nobody_can_fill(adam, payments):
    given = {"title": "Hello", "body": "Hi {custmer.name}", "language": "en", "is_enabled": "on"}
    client = signed_in(adam)

    refused = client.post(reverse("admin:tickets_quickreply_add"), given)
    client.post(reverse("admin:tickets_quickreply_add"), {**given, "body": "Hi {customer.name}"})

    assert "There is no {custmer.name}; there are {customer.name}," in refused.content.decode()
    assert QuickReply.objects.get().body == "Hi {customer.name}"
