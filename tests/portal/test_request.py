"""One request: the promise first, then who, then what was said."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from escalation import services as escalations
from escalation import sweep
from escalation.models import Escalation
from tests.factories.people import make_user
from tickets import services as tickets
from tickets.enums import Status

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def as_cora(client: Client, cora) -> Client:
    client.force_login(cora)
    return client


def page_of(client: Client, ticket) -> str:
    answer = client.get(f"/help/{ticket.number}/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_page_begins_with_the_promise(as_cora, policy, open_ticket):
    page = page_of(as_cora, open_ticket())

    assert "Answer from us" in page
    assert page.index("Answer from us") < page.index("Since yesterday.")
    assert "First answer by" in page
    assert "in 6 hours" in page


def test_who_answers_is_named_once_somebody_does(as_cora, anna, open_ticket, at):
    ticket = open_ticket()
    before = page_of(as_cora, ticket)

    tickets.reply(user=anna, number=ticket.number, body="We look into it.", now=at)
    after = page_of(as_cora, ticket)

    assert "Nobody yet" in before
    assert "Anna Lindqvist" in after and "answers you" in after
    assert "Payments team" in after


def test_a_kept_promise_stays_on_the_list(as_cora, anna, policy, open_ticket, at):
    ticket = open_ticket()
    tickets.reply(user=anna, number=ticket.number, body="Here.", now=at + 12 * MINUTE)

    page = page_of(as_cora, ticket)

    assert "First answer within 6 hours" in page
    assert "10:12" in page


def test_a_late_answer_is_admitted(as_cora, policy, open_ticket, time, at):
    ticket = open_ticket()
    time.move_to(at + 6 * HOUR + 30 * MINUTE)
    sweep.run()

    page = page_of(as_cora, ticket)

    assert "We are late." in page
    assert "30 min late" in page
    assert "A manager watches this" in page
    assert "Rosa Quiroga sees to it." in page


def test_an_answer_that_never_came_is_not_told_as_late_once_the_customer_settles_it(
    as_cora, cora, policy, open_ticket, time, at
):
    ticket = open_ticket()
    time.move_to(at + 6 * HOUR + 30 * MINUTE)
    sweep.run()
    tickets.settle(user=cora, number=ticket.number, now=time.now)

    page = page_of(as_cora, ticket)
    record = as_cora.get("/help/").content.decode()

    assert "First answer by" in page and "no answer came" in page
    assert "came late" not in page
    assert "1 broken" in record and "came late" not in record


def test_a_late_answer_came_late_whatever_ends_the_request(as_cora, anna, cora, policy, open_ticket, time, at):
    ticket = open_ticket()
    time.move_to(at + 7 * HOUR)
    tickets.reply(user=anna, number=ticket.number, body="Here, at last.", now=time.now)
    tickets.settle(user=cora, number=ticket.number, now=time.now + MINUTE)

    page = page_of(as_cora, ticket)

    assert "came late" in page and "no answer came" not in page
    assert "came late" in as_cora.get("/help/").content.decode()


def test_an_escalated_request_shows_its_four_steps_in_plain_words(as_cora, mona, policy, open_ticket, time, at):
    ticket = open_ticket()
    time.move_to(at + 7 * HOUR)
    sweep.run()
    number = Escalation.objects.get().number
    escalations.acknowledge(user=mona, number=number, now=time.now)
    escalations.begin_communication(user=mona, number=number, now=time.now)

    page = page_of(as_cora, ticket)

    for step in ("Taken up", "Everybody informed", "Being solved", "Confirmed with you"):
        assert step in page
    assert page.index('aria-current="step"') > page.index("Taken up")


def test_a_promised_update_becomes_the_promise(as_cora, mona, policy, open_ticket, time, at):
    ticket = open_ticket()
    time.move_to(at + 7 * HOUR)
    sweep.run()
    escalations.communicate(
        user=mona,
        number=Escalation.objects.get().number,
        audience="customers",
        body="The bank refused the batch.",
        next_update_by=time.now + HOUR,
        now=time.now,
    )

    page = page_of(as_cora, ticket)

    assert "Next update from us" in page
    assert "18:00" in page
    assert "The bank refused the batch." in page


def test_a_customer_replies_with_a_file(as_cora, cora, open_ticket, settings):
    ticket = open_ticket()

    answer = as_cora.post(
        f"/help/{ticket.number}/reply/",
        {"body": "Here is the log.", "attachments": [SimpleUploadedFile("a.log", b"x")]},
    )

    message = ticket.messages.latest("pk")
    assert answer["Location"] == f"/help/{ticket.number}/#message-{message.pk}"
    assert (message.author, message.by_customer, message.is_public) == (cora, True, True)
    assert f"/attachments/{message.attachments.get().pk}/" in page_of(as_cora, ticket)


def test_an_empty_reply_is_the_form_again(as_cora, open_ticket):
    ticket = open_ticket()

    answer = as_cora.post(f"/help/{ticket.number}/reply/", {"body": " "})

    assert answer.status_code == 422
    assert ticket.messages.count() == 1


def test_writing_on_a_solved_request_opens_it_again(as_cora, anna, open_ticket, at):
    ticket = open_ticket()
    tickets.change_status(user=anna, number=ticket.number, verb="solve", now=at)
    assert "Your message opens the request again." in page_of(as_cora, ticket)

    as_cora.post(f"/help/{ticket.number}/reply/", {"body": "It came back."})

    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN


def test_markup_in_a_message_is_shown_as_it_was_typed(as_cora, open_ticket):
    page = page_of(as_cora, open_ticket(body="<script>alert(1)</script> <b>x</b>"))

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_internal_request_of_colleagues_stays_among_them(as_cora, anna, open_ticket, at):
    ticket = open_ticket()
    escalations.escalate(
        user=anna,
        ticket_number=ticket.number,
        kind="hierarchical",
        severity=2,
        reason="funding",
        summary="Pay?",
        now=at,
    )

    page = page_of(as_cora, ticket)

    assert "A manager watches this" not in page
    assert "A manager has been asked" not in page
    assert "Escalate this request" in page


@pytest.mark.once
def test_the_number_of_queries_does_not_grow_with_the_conversation(
    as_cora, anna, policy, open_ticket, at, django_assert_max_num_queries
):
    ticket = open_ticket()
    for minute in range(12):
        author = make_user(f"Agent {minute}", email=f"agent{minute}@meridiano.example")
        tickets.reply(user=author, number=ticket.number, body="And this.", now=at + minute * MINUTE)

    with django_assert_max_num_queries(15):
        page_of(as_cora, ticket)


def test_a_message_that_became_another_request_is_found_from_both(as_cora, anna, open_ticket, at, cora):
    ticket = open_ticket(subject="The till is broken")
    second = tickets.reply(user=cora, number=ticket.number, body="And my payout is missing.", now=at)
    made = tickets.split(
        user=anna, number=ticket.number, message=second.pk, subject="Missing payout", now=at, team=None
    )

    before, after = page_of(as_cora, ticket), page_of(as_cora, made)

    assert f'is a request of its own: <a href="/help/{made.number}/">#{made.number} Missing payout</a>' in before
    assert (
        f'a part of another request: <a href="/help/{ticket.number}/">#{ticket.number} The till is broken</a>' in after
    )


def test_a_part_that_is_somebody_elses_is_not_named(as_cora, anna, open_ticket, at, cora, stan):
    ticket = open_ticket()
    second = tickets.reply(user=cora, number=ticket.number, body="And my payout is missing.", now=at)
    made = tickets.split(
        user=anna, number=ticket.number, message=second.pk, subject="Missing payout", now=at, team=None
    )
    type(made).objects.filter(pk=made.pk).update(requester=stan, organisation=None)

    assert "Missing payout" not in page_of(as_cora, ticket)


def test_a_part_that_came_together_with_it_again_is_no_other_matter(as_cora, anna, open_ticket, at, cora):
    ticket = open_ticket()
    second = tickets.reply(user=cora, number=ticket.number, body="And my payout is missing.", now=at)
    made = tickets.split(user=anna, number=ticket.number, message=second.pk, subject="No payout", now=at)
    tickets.merge(user=anna, source=made.number, target=ticket.number, now=at)

    assert "Another matter" not in page_of(as_cora, ticket)
