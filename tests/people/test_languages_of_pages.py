"""Which language somebody reads who has not signed in: his browser's, else the desk's."""

import pytest
from django.test import Client

from common import identity


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("ru", "ru"),
        ("pt-PT, pt;q=0.8", "pt-br"),
        ("", "es"),
        ("tlh, *", "es"),
        ("*", "es"),
        ("tlh, en;q=0.2", "en"),
        ("not a header;;;", "es"),
    ],
)
def test_the_browser_is_heard_first_and_then_the_desk(adam, asked, read):
    identity.change(by=adam, language="es")

    answer = Client().get("/accounts/login/", headers={"Accept-Language": asked} if asked else {})

    assert f'<html lang="{read}"' in answer.content.decode() and answer["Content-Language"] == read


def test_who_has_signed_in_reads_his_own_language_whatever_his_browser_asks_for(adam):
    identity.change(by=adam, language="es")
    client = Client()
    client.force_login(adam)

    answer = client.get("/profile/", headers={"Accept-Language": "ru"})

    assert answer["Content-Language"] == adam.language == "en"
