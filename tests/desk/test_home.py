"""The front door, and where sign-in leads."""

import pytest
from django.test import Client

from tests.factories.people import PASSWORD


@pytest.mark.parametrize(
    ("who", "where"), [("cora", "/help/"), ("anna", "/inbox/"), ("mona", "/inbox/"), ("adam", "/inbox/")]
)
def test_everybody_is_led_to_his_own_page(client: Client, request, who, where):
    client.force_login(request.getfixturevalue(who))

    assert client.get("/")["Location"] == where


def test_a_stranger_signs_in(client: Client, adam):
    assert client.get("/")["Location"] == "/accounts/login/"


def test_who_came_for_a_page_gets_it_after_sign_in(client: Client, cora, open_ticket):
    path = f"/help/{open_ticket().number}/"
    asked = client.get(path)

    answer = client.post(asked["Location"], {"login": cora.email, "password": PASSWORD})

    assert asked["Location"] == f"/accounts/login/?next={path}"
    assert answer["Location"] == path


@pytest.mark.parametrize(
    "where", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_sign_in_leads_to_no_other_host(client: Client, cora, where):
    answer = client.post(f"/accounts/login/?next={where}", {"login": cora.email, "password": PASSWORD, "next": where})

    assert answer.status_code == 302
    assert answer["Location"] == "/"
