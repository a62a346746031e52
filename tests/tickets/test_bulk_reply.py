"""One prepared text answers many tickets: filled in for each, refused by each, taken back while it waits."""

from datetime import timedelta

import pytest

from tests.desk.helpers import get, post, words
from tests.factories.people import make_team, make_user
from tickets import actions, bulk, drafts, sending
from tickets.enums import Deed, DraftKind
from tickets.models import Draft, QuickReply

SECOND = timedelta(seconds=1)


@pytest.fixture
def hello(payments):
    return QuickReply.objects.create(title="Hello", body="Hello {customer.first_name}, #{ticket.number} is with us.")


@pytest.fixture
def two(open_ticket):
    return [open_ticket(), open_ticket(requester=make_user("Olga Petrova", "customer"))]


@pytest.fixture
def answer(anna, two, hello, at):
    def act(reply=hello, now=at):
        numbers = [ticket.number for ticket in two]
        return bulk.act(user=anna, numbers=numbers, deed=Deed.REPLY, value=str(reply.pk), now=now)

    return act


def test_each_customer_reads_his_own_name(answer, two, at, time):
    done = answer()
    assert len(done.steps) == 2
    time.move_to(at + 10 * SECOND)

    sending.run()

    said = [ticket.messages.last().body for ticket in two]
    assert said == [f"Hello Cora, #{two[0].number} is with us.", f"Hello Olga, #{two[1].number} is with us."]


def test_while_they_wait_all_are_taken_back_and_leave_no_draft(answer, anna, two, at, time):
    done = answer()

    back = bulk.undo(user=anna, pk=done.pk, now=at + SECOND)
    time.move_to(at + 60 * SECOND)
    sending.run()

    assert back.kept == []
    assert [ticket.messages.count() for ticket in two] == [1, 1]
    assert not Draft.objects.exists()


@pytest.mark.parametrize("seconds", [0, 5])
def test_what_has_left_is_not_taken_back_and_that_is_said(answer, anna, two, at, time, seconds):
    anna.undo_seconds = seconds
    anna.save(update_fields=["undo_seconds"])
    done = answer()
    time.move_to(at + 10 * SECOND)
    sending.run()

    back = bulk.undo(user=anna, pk=done.pk, now=time.now)

    assert [number for number, _why in back.kept] == [ticket.number for ticket in two]
    assert "sent already" in back.kept[0][1]
    assert [ticket.messages.count() for ticket in two] == [2, 2]


def test_each_refusal_is_told_of_its_ticket(answer, anna, two, at):
    solved, begun = two
    actions.change_status(ticket=solved, verb="solve", now=at, by=anna)
    drafts.save(ticket=begun, author=anna, kind=DraftKind.REPLY, body="Dear Olga", seen=None, now=at)

    done = answer()

    why = dict(done.refused)
    assert "reopen it to reply" in why[solved.number]
    assert "You have begun a reply on it" in why[begun.number]
    assert Draft.objects.get().body == "Dear Olga"


def test_a_text_that_cannot_be_filled_in_or_is_another_teams_is_not_sent(answer, payments):
    gap = QuickReply.objects.create(title="Gap", body="By {time}.")
    foreign = QuickReply.objects.create(title="Foreign", body="Hi", team=make_team("Cards"))

    assert "Fill in {time}" in answer(gap).refused[0][1]
    assert "no such prepared text" in answer(foreign).refused[0][1]
    assert not Draft.objects.exists()


def test_the_inbox_offers_it_and_says_what_was_done(anna, two, hello):
    numbers = [ticket.number for ticket in two]

    answer = post(anna, "desk:bulk", deed="reply", reply=hello.pk, ticket=numbers, next="/inbox/")

    page = words(get(anna, "desk:inbox"))
    told = words(get(anna, "desk:inbox", act=answer["Location"].rpartition("=")[2]))
    assert f'<option value="{hello.pk}">Hello · English</option>' in page
    assert "2 tickets answered with “Hello”." in told
