"""The session ends while a page of the desk is open: it leads back there, and no part of it becomes a sign-in page."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.desk.helpers import words

OURS = "http://testserver/tickets/7/?view=do-next"


@pytest.mark.parametrize("name", ["desk:rail", "desk:views", "desk:inbox_rows"])
def test_a_part_that_is_fetched_anew_is_no_sign_in_page(db, name):
    answer = Client().get(reverse(name), headers={"HX-Request": "true"})

    assert (answer.status_code, answer.content) == (401, b"")


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        (OURS, "/tickets/7/%3Fview%3Ddo-next"),
        ("http://testserver/inbox/", "/inbox/"),
        ("http://elsewhere.example/tickets/7/", "/inbox/"),
        ("", "/inbox/"),
    ],
)
def test_a_form_leads_back_to_its_page_and_not_to_an_address_that_takes_forms_alone(db, referer, back):
    answer = Client().post(reverse("desk:ticket_change", args=[7, "status"]), headers={"Referer": referer})

    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={back}")


@pytest.fixture
def old_page(anna):
    """A browser in which somebody signed in anew since the page was shown."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(anna)
    return browser


def test_a_form_of_a_page_from_before_the_sign_in_is_shown_anew(old_page, open_ticket):
    page = reverse("desk:ticket", args=[open_ticket().number])

    answer = old_page.post(f"{page}status/", {"verb": "solve"}, headers={"Referer": f"http://testserver{page}"})

    assert (answer.status_code, answer["Location"]) == (302, page)
    assert "this page was from an earlier sign-in" in words(old_page.get(page))


def test_what_is_sent_in_place_from_such_a_page_says_so_in_place(old_page, open_ticket):
    answer = old_page.post(
        reverse("desk:ticket_write", args=[open_ticket().number]), {"body": "Hm"}, headers={"HX-Request": "true"}
    )

    assert (answer.status_code, answer.content) == (401, b"")
