"""The rows that tell a person of his own sessions."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from people.devices import device, is_mobile
from people.models import SignIn


def test_signing_in_makes_a_row_and_signing_out_takes_it_away(anna, client):
    client.force_login(anna)
    assert SignIn.objects.get().session_key == client.session.session_key

    client.post(reverse("account_logout"))
    assert not SignIn.objects.exists()


def test_use_is_written_down_every_few_minutes_and_costs_nothing_between(anna, client, time, at):
    client.force_login(anna)
    client.get(reverse("desk:alerts"))
    time.move_to(at + timedelta(minutes=4))
    with CaptureQueriesContext(connection) as between:
        client.get(reverse("desk:alerts"))
    assert SignIn.objects.get().used_at == at
    assert not [query for query in between if "people_signin" in query["sql"]]

    time.move_to(at + timedelta(minutes=6))
    client.get(reverse("desk:alerts"))
    assert SignIn.objects.get().used_at == at + timedelta(minutes=6)


def test_rows_of_sessions_that_are_gone_go_with_the_next_sign_in(anna, client):
    client.force_login(anna)
    Session.objects.all().delete()

    Client().force_login(anna)

    assert SignIn.objects.count() == 1


def test_a_session_from_before_there_were_rows_gets_one(anna, client):
    client.force_login(anna)
    session = client.session
    del session["sign_in"]
    session.save()
    SignIn.objects.all().delete()

    client.get(reverse("desk:alerts"))

    assert SignIn.objects.get().session_key == client.session.session_key


@pytest.mark.parametrize(
    ("agent", "told", "mobile"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130 Safari/537.36 Edg/130",
            ("Edge", "Windows"),
            False,
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) AppleWebKit Version/17 Safari/605", ("Safari", "macOS"), False),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit Chrome/130 Mobile Safari/537", ("Chrome", "Android"), True),
        ("Mozilla/5.0 (iPhone; like Mac OS X) AppleWebKit CriOS/130 Safari/604", ("Chrome", "iPhone"), True),
        ("", ("", ""), False),
    ],
)
def test_a_browser_is_told_by_what_it_says_of_itself(agent, told, mobile):
    assert device(agent) == told
    assert is_mobile(agent) is mobile


@pytest.mark.each
def test_a_cookie_that_no_database_could_hold_is_nobodys_session(db, client):
    client.cookies["sessionid"] = "\x00" + "a" * 31

    assert client.get(reverse("account_login")).status_code == 200


def test_whoever_signs_in_at_a_desk_whose_time_was_moved_on_stays_in(anna, client, time):
    time.move_to(timezone.now() + timedelta(days=20))

    client.force_login(anna)

    assert client.get(reverse("desk:profile")).status_code == 200
