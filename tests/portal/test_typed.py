"""What a customer typed is not lost: a session that ended, a page that was old, a request that was just closed."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from people.enums import Role
from tests.desk.helpers import signed_in, words
from tests.factories.people import make_user
from tickets import services as tickets
from tickets.files import SIZE_LIMIT

WORDS = "The third paragraph, at last."


def writer_on(page) -> str:
    found = re.search(r'name="writer" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


@pytest.fixture
def typing(open_ticket, cora):
    """Where Cora typed, in a browser whose session has ended."""

    def begin(path: str) -> tuple[Client, str]:
        return Client(), writer_on(signed_in(cora).get(path))

    return begin


@pytest.fixture
def number(open_ticket):
    return open_ticket().number


def come_back(browser: Client, user) -> None:
    browser.force_login(user)


def test_a_reply_whose_session_had_ended_stands_in_the_form_again_after_the_sign_in(typing, number, cora):
    browser, writer = typing(f"/help/{number}/")

    sent = browser.post(f"/help/{number}/reply/", {"body": WORDS, "writer": writer})
    come_back(browser, cora)
    page = browser.get(f"/help/{number}/")

    assert sent.headers["Location"] == f"/accounts/login/?next=/help/{number}/"
    assert WORDS in words(page) and "is here again" in words(page)
    assert WORDS not in words(browser.get(f"/help/{number}/"))


def test_a_new_request_keeps_its_subject_and_its_text(typing, number, cora):
    browser, writer = typing("/help/new/")

    browser.post("/help/new/", {"subject": "Card 12", "body": WORDS, "writer": writer})
    come_back(browser, cora)
    page = words(browser.get("/help/new/"))

    assert "Card 12" in page and WORDS in page


def test_whoever_else_signs_in_at_that_browser_sees_nothing_of_it(typing, number, cora, stan):
    browser, writer = typing("/help/new/")
    browser.post("/help/new/", {"subject": "Card 12", "body": WORDS, "writer": writer})

    come_back(browser, stan)
    theirs = words(browser.get("/help/new/"))
    come_back(browser, cora)

    assert WORDS not in theirs and WORDS not in words(browser.get("/help/new/"))


@pytest.mark.parametrize("writer", ["", "1", "1:forged"])
def test_of_a_form_that_was_shown_to_nobody_nothing_is_kept(db, client, writer):
    client.post("/help/new/", {"subject": "Card 12", "body": WORDS, "writer": writer})

    assert not client.session.keys()


def test_it_is_kept_for_an_hour(typing, number, cora, time):
    browser, writer = typing("/help/new/")
    browser.post("/help/new/", {"body": WORDS, "writer": writer})

    time.move_to(time.now + timedelta(hours=1, seconds=1))
    come_back(browser, cora)

    assert WORDS not in words(browser.get("/help/new/"))


def test_a_page_that_is_older_than_the_last_sign_in_is_shown_again_with_what_was_typed(number, cora):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cora)
    writer = writer_on(browser.get(f"/help/{number}/"))

    sent = browser.post(f"/help/{number}/reply/", {"body": WORDS, "writer": writer, "csrfmiddlewaretoken": "x" * 64})

    assert sent.headers["Location"] == f"/help/{number}/"
    assert WORDS in words(browser.get(f"/help/{number}/"))


def test_a_form_of_another_house_is_refused_as_ever(number, cora):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cora)

    assert browser.post(f"/help/{number}/reply/", {"body": WORDS}).status_code == 403
    assert WORDS not in words(browser.get(f"/help/{number}/"))


def test_what_cannot_be_escalated_now_gives_the_words_back(number, cora, anna, at):
    tickets.change_status(user=anna, number=number, verb="solve", now=at)

    answer = signed_in(cora).post(f"/help/{number}/escalate/", {"summary": WORDS, "reason": "staff"})

    assert answer.status_code == 409 and WORDS in words(answer)


def test_who_may_no_longer_see_a_request_gets_back_the_words_that_he_wrote_on_it(number, cora, stan):
    rita = make_user("Rita Alves", Role.CUSTOMER, email="rita@aurora.example", organisation=cora.organisation)
    rita.oversees, rita.answers_for_it = cora.organisation, True
    rita.save()
    browser = signed_in(rita)
    form = {"writer": writer_on(browser.get(f"/help/{number}/")), "body": WORDS}
    rita.oversees, rita.answers_for_it = None, False
    rita.save()

    refused = browser.post(f"/help/{number}/reply/", form)
    of_another = signed_in(stan).post(f"/help/{number}/reply/", form)

    assert refused.status_code == of_another.status_code == 404
    assert WORDS in words(refused)
    assert WORDS not in words(of_another)


def test_the_limits_of_files_stand_on_their_field_with_the_words_for_them(cora, number):
    cora.language = "es"
    cora.save()

    page = words(signed_in(cora).get(f"/help/{number}/"))

    assert f'data-most-bytes="{SIZE_LIMIT}"' in page
    assert "«{name}» supera los 20 MB" in page
