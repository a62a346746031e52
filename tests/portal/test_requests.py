"""My requests: what a customer sees of what is open and what is done."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from escalation import sweep
from tests.desk.helpers import names_an_escalation
from tickets import services as tickets

HOUR = timedelta(hours=1)


@pytest.fixture
def as_cora(client: Client, cora) -> Client:
    client.force_login(cora)
    return client


def test_a_request_is_listed_with_the_time_of_its_answer(as_cora, policy, open_ticket):
    ticket = open_ticket()

    page = as_cora.get("/help/").content.decode()

    assert f"#{ticket.number}, received" in page
    assert "Answer by" in page
    assert "16:00" in page
    assert "Received" in page


def test_what_waits_for_the_customer_says_so(as_cora, anna, policy, open_ticket, at):
    ticket = open_ticket()
    tickets.reply(user=anna, number=ticket.number, body="Which store?", now=at, then_wait=True)

    page = as_cora.get("/help/").content.decode()

    assert "Waiting for you" in page
    assert "We need from you" in page


def test_what_is_done_stands_apart(as_cora, anna, open_ticket, at):
    done, left = open_ticket(subject="Receipt of September"), open_ticket(subject="Payouts late")
    tickets.change_status(user=anna, number=done.number, verb="solve", now=at)

    opened = as_cora.get("/help/").content.decode()
    closed = as_cora.get("/help/?show=closed").content.decode()

    assert left.subject in opened and done.subject not in opened
    assert done.subject in closed and left.subject not in closed
    assert "Open 1" in opened and "Done 1" in opened


def test_nobody_sees_the_requests_of_others(as_cora, stan, open_ticket):
    open_ticket(requester=stan, subject="The secret of Stan")

    page = as_cora.get("/help/").content.decode()

    assert "The secret of Stan" not in page
    assert "Nothing is open" in page


@pytest.mark.once
def test_the_number_of_queries_does_not_grow_with_the_requests(as_cora, policy, open_ticket, time, at):
    open_ticket()
    time.move_to(at + 7 * HOUR)
    sweep.run()
    # The sign-in is written down at the first page.
    as_cora.get("/help/")
    with CaptureQueriesContext(connection) as for_one:
        as_cora.get("/help/")

    for _ in range(8):
        open_ticket(now=at)
    sweep.run()
    with CaptureQueriesContext(connection) as for_nine:
        page = as_cora.get("/help/").content.decode()

    assert page.count("Escalated") == 9
    assert len(for_nine) == len(for_one)


def test_an_escalated_request_says_so_and_names_no_grade(as_cora, policy, open_ticket, time, at):
    open_ticket()
    time.move_to(at + 6 * HOUR + timedelta(seconds=1))
    sweep.run()

    page = as_cora.get("/help/").content.decode()
    content = page.partition('id="requests"')[2].partition("</main>")[0]

    assert "Escalated" in content
    assert not names_an_escalation(content)
    assert "S3" not in content


def test_a_page_that_does_not_exist_shows_the_last_one(as_cora, open_ticket):
    open_ticket()

    answer = as_cora.get("/help/?page=99&show=nonsense")

    assert answer.status_code == 200
    assert "Payouts are stuck" in answer.content.decode()
