"""Why this policy, on a page that is also a dialog."""

from tests.desk.helpers import get, words
from tests.factories.sla import make_policy


def test_the_page_says_what_was_asked_and_what_was_found(anna, open_ticket, at):
    make_policy(at, name="Gold", order=1, conditions={"tier": ["enterprise"]})
    make_policy(at, name="Chats", order=2, conditions={"channel": ["chat"]})

    page = words(get(anna, "desk:why_policy", open_ticket().number))

    assert "Why “Gold”" in page
    assert "customer tier is Enterprise: yes, Enterprise" in page
    assert "channel is Chat: no, it is Web form" in page
    assert "The clocks run under" not in page


def test_it_says_where_the_clocks_keep_another_promise(anna, policy, open_ticket, at):
    ticket = open_ticket()
    make_policy(at, name="Gold", order=1)

    page = words(get(anna, "desk:why_policy", ticket.number))

    assert "The clocks run under Standard, version 1." in page
    assert "Why “Gold”" in page


def test_without_a_policy_it_says_why_nothing_is_promised(anna, open_ticket):
    page = words(get(anna, "desk:why_policy", open_ticket().number))

    assert "Why nothing is promised" in page


def test_the_ticket_links_there(anna, policy, open_ticket):
    ticket = open_ticket()

    assert f"/tickets/{ticket.number}/policy/" in get(anna, "desk:ticket", ticket.number).content.decode()
