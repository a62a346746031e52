"""Two at work on one ticket: what one has written, or done, reaches the other before his reply leaves."""

from datetime import timedelta

import pytest

from tests.desk.helpers import fragment, get, post, words
from tests.factories.people import make_user
from tickets import actions as tickets
from tickets import sending
from tickets.models import Draft


@pytest.fixture
def ticket(policy, open_ticket):
    return open_ticket()


@pytest.fixture
def ilya(db, payments):
    return make_user("Ilya Voronin")


@pytest.fixture
def pass_by(time):
    """Time passes, and the round comes by."""

    def wait(seconds):
        time.move_to(time.now + timedelta(seconds=seconds))
        sending.run()

    return wait


def test_a_reply_that_crosses_another_is_held_back_once(ticket, anna, ilya, at, time):
    opened = get(anna, "desk:ticket", ticket.number).context["composer"].seen
    time.move_to(at + timedelta(minutes=24))
    tickets.note(ticket=ticket, author=ilya, body="Do not promise a time.", now=time.now)

    held = post(anna, "desk:ticket_write", ticket.number, kind="reply", body="At noon, Cora.", seen=opened, then="wait")

    page = words(held)
    assert held.status_code == 409
    assert "Ilya Voronin wrote at 10:24, while you were writing." in page
    assert page.count("Do not promise a time.") == 2
    assert ">At noon, Cora.</textarea>" in page
    assert "Send anyway" in page
    assert "Keep writing" in page
    assert not Draft.objects.on_their_way().exists()

    seen = held.context["composer"].seen
    again = post(anna, "desk:ticket_write", ticket.number, kind="reply", body="At noon.", seen=seen, then="wait")
    assert again.status_code == 302
    assert Draft.objects.on_their_way().get().then == "wait"


def test_a_reply_that_a_colleague_is_about_to_send_holds_hers_back_once(ticket, anna, ilya, pass_by):
    opened = get(anna, "desk:ticket", ticket.number).context["composer"].seen
    post(ilya, "desk:ticket_write", ticket.number, kind="reply", body="The money is there.", seen=opened)

    held = post(anna, "desk:ticket_write", ticket.number, kind="reply", body="At noon, Cora.", seen=opened)

    assert held.status_code == 409
    assert "Ilya Voronin has a reply on its way, which leaves at 10:00:10." in words(held)
    assert words(held).count("The money is there.") == 2
    assert f'name="passed" value="{ilya.pk}"' in words(held)

    # By the time that she has read it, it has left; what he says next she has not read.
    pass_by(11)
    sent = {"kind": "reply", "body": "At noon, Cora.", "seen": opened}
    tickets.note(ticket=ticket, author=ilya, body="Do not promise a time.", now=held.context["now"])
    assert post(anna, "desk:ticket_write", ticket.number, passed=ilya.pk, **sent).status_code == 409
    ticket.messages.filter(is_public=False).delete()
    assert post(anna, "desk:ticket_write", ticket.number, passed=ilya.pk, **sent).status_code == 302


def test_her_own_words_and_notes_of_hers_cross_nothing(ticket, anna, at):
    opened = get(anna, "desk:ticket", ticket.number).context["composer"].seen
    tickets.note(ticket=ticket, author=anna, body="The bank says noon.", now=at)

    answer = post(anna, "desk:ticket_write", ticket.number, kind="reply", body="At noon, Cora.", seen=opened)

    assert answer.status_code == 302


def test_a_draft_remembers_what_had_been_read_when_it_was_begun(ticket, anna, ilya, at):
    opened = get(anna, "desk:ticket", ticket.number).context["composer"].seen
    post(anna, "desk:ticket_draft", ticket.number, kind="reply", body="At noon", seen=opened)
    tickets.note(ticket=ticket, author=ilya, body="Do not promise a time.", now=at)

    assert get(anna, "desk:ticket", ticket.number).context["composer"].seen == opened


def test_what_can_be_done_follows_a_ticket_that_somebody_else_has_solved(ticket, anna, mona, at):
    before = words(fragment(anna, "desk:ticket", ticket.number, part="head"))
    tickets.change_status(ticket=ticket, verb="solve", now=at, by=mona)

    after = words(fragment(anna, "desk:ticket", ticket.number, part="head"))

    assert 'value="solve"' in before.partition('id="ticket-verbs"')[2]
    assert "Send, wait for customer" in before
    assert 'value="reopen"' in after.partition('id="ticket-verbs"')[2]
    assert "Reopen and send" in after
    assert "Send, wait for customer" not in after


def test_a_page_that_answers_a_refusal_still_follows_its_ticket(ticket, anna):
    refused = post(anna, "desk:ticket_unsend", ticket.number, draft="1")

    assert refused.status_code == 409
    for part in ("head", "conversation", "side", "presence"):
        assert f'hx-get="/tickets/{ticket.number}/?part={part}' in words(refused)
