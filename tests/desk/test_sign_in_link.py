"""A customer signs in by a link that comes by mail: once, for half an hour, and nobody else does."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from notifications.models import Delivery
from people import sign_in_links
from tests.desk.factors import with_app
from tests.desk.helpers import words

SAME = "If {} is a customer’s address here, a link is on its way."


@pytest.fixture(autouse=True)
def nobody_has_asked_yet():
    """allauth counts in the cache."""
    cache.clear()


def link_for(person, then: str = "") -> str:
    answer = Client().post("/sign-in/link/", {"email": person.email.upper(), "next": then})
    assert answer.status_code == 200
    return re.search(
        rf"{settings.BASE_URL}(/sign-in/link/\S+)",
        Delivery.objects.get(recipient=person, dedupe_key__startswith="sign_in_link").text,
    )[1]


def is_in(browser: Client) -> bool:
    return browser.get("/help/").status_code == 200


def test_the_link_is_followed_and_its_button_signs_in_and_leads_to_where_he_wanted(cora, open_ticket):
    page = f"/help/{open_ticket().number}/"
    link, browser = link_for(cora, page), Client()

    looked = browser.get(link)
    looked_only = is_in(browser)
    answer = browser.post(link)

    assert cora.email in words(looked) and not looked_only
    assert (answer.status_code, answer.headers["Location"]) == (302, page)
    assert is_in(browser)


def test_it_serves_once_and_an_older_one_nothing_once_he_is_in(cora):
    older = sign_in_links.path_of(cora)
    link = link_for(cora)
    Client().post(link)

    for again in (link, older):
        browser = Client()
        answer = browser.post(again)
        assert answer.status_code == 404
        assert "It serves once, and you have signed in since: ask for another one." in words(answer)
        assert not is_in(browser)


@pytest.mark.parametrize("changed", ["password", "is_active", "email", "role"])
def test_what_was_changed_meanwhile_opens_nothing(cora, changed):
    link = link_for(cora)
    setattr(cora, changed, {"is_active": False, "role": "agent"}.get(changed, "other@aurora.example"))
    cora.save()

    assert Client().post(link).status_code == 404


def test_altered_and_expired_links_say_so_in_one_sentence(cora, monkeypatch):
    link = link_for(cora)

    altered = Client().post(f"{link[:-4]}abc/")
    monkeypatch.setattr(sign_in_links, "VALID_FOR", timedelta(seconds=-1))
    expired = Client().post(link)

    assert altered.status_code == expired.status_code == 404
    assert "It is not whole" in words(altered)
    assert "It was good for half an hour" in words(expired)


def test_whether_an_address_is_known_is_told_to_nobody_and_colleagues_get_none(cora, anna):
    gone = cora
    for address in ("nobody@else.example", anna.email):
        page = words(Client().post("/sign-in/link/", {"email": address}))
        assert SAME.format(address) in page
    gone.is_active = False
    gone.save()
    assert SAME.format(gone.email) in words(Client().post("/sign-in/link/", {"email": gone.email}))

    assert not Delivery.objects.exists()


def test_who_asks_too_often_is_told_so_and_keeps_what_he_typed(cora):
    answers = [Client().post("/sign-in/link/", {"email": "somebody@else.example"}) for _each in range(4)]

    assert answers[2].status_code == 200
    assert answers[3].status_code == 429
    assert "These are too many within a minute." in words(answers[3])
    assert 'value="somebody@else.example"' in words(answers[3])


def test_asked_for_again_at_once_one_mail_goes(cora):
    for _twice in range(2):
        Client().post("/sign-in/link/", {"email": cora.email})

    assert Delivery.objects.filter(recipient=cora).count() == 1


@pytest.mark.parametrize("given", ["", "no address", "a@b"])
def test_what_is_no_address_is_asked_for_again_with_what_was_typed(db, client, given):
    answer = client.post("/sign-in/link/", {"email": given, "next": "/help/"})

    assert answer.status_code == 422
    assert f'value="{given}"' in words(answer) or not given
    assert 'name="next" value="/help/"' in words(answer)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_it_leads_to_no_other_site(cora, elsewhere):
    answer = Client().post(link_for(cora, elsewhere))

    assert answer.headers["Location"] == "/"


def test_the_mail_is_in_his_language(cora):
    cora.language = "pt-br"
    cora.save()

    link_for(cora)

    assert Delivery.objects.get(recipient=cora).subject.startswith("Entrar em ")


def test_a_second_factor_is_asked_for_as_after_a_password(cora):
    with_app(cora)
    browser = Client()

    answer = browser.post(link_for(cora))

    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert not is_in(browser)
