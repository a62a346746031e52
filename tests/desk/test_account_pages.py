"""Sign-in and its neighbours wear the look of the desk and say what went wrong beside the field."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from people.models import User

OPEN = ["account_login", "account_reset_password", "account_reset_password_done", "account_inactive", "account_signup"]
SIGNED_IN = ["account_logout", "account_change_password", "account_reauthenticate"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", OPEN)
def test_a_stranger_finds_the_frame_of_the_sign_in_page(client: Client, name: str) -> None:
    page = client.get(reverse(name)).content.decode()

    assert '<div class="sign">' in page
    assert page.count("<h1") == 1
    assert "<c-" not in page


@pytest.mark.parametrize("name", SIGNED_IN)
def test_somebody_who_is_in_finds_the_same_frame(client: Client, anna: User, name: str) -> None:
    client.force_login(anna)

    page = client.get(reverse(name), follow=True).content.decode()

    assert '<div class="sign">' in page
    assert "<c-" not in page


def test_nobody_adds_addresses_to_his_account_by_himself(client: Client, anna: User) -> None:
    client.force_login(anna)

    given = {"email": "x@y.example", "action_add": ""}
    answers = [client.get("/accounts/email/"), client.post("/accounts/email/", given)]

    assert {answer.headers["Location"] for answer in answers} == {"/profile/sign-in/"}
    assert not EmailAddress.objects.filter(email="x@y.example").exists()


def test_factors_and_company_accounts_have_no_maintenance_door(client: Client, adam: User) -> None:
    client.force_login(adam)

    assert not [model for model in admin.site._registry if model.__module__.startswith("allauth.")]


@pytest.mark.django_db
def test_paste_and_password_managers_are_welcome(client: Client) -> None:
    page = client.get(reverse("account_login")).content.decode()

    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page


@pytest.mark.django_db
def test_a_missing_password_is_said_beside_its_field_and_the_address_is_kept(client: Client) -> None:
    page = client.post(reverse("account_login"), {"login": "anna@desk.example"}).content.decode()

    assert 'value="anna@desk.example"' in page
    assert 'aria-describedby="password-error"' in page


def test_a_wrong_password_is_announced(client: Client, anna: User) -> None:
    page = client.post(reverse("account_login"), {"login": anna.email, "password": "wrong"}).content.decode()

    assert '<div class="errors" role="alert"' in page


def test_the_theme_of_the_reader_is_forced_and_the_systems_is_left_alone(client: Client, anna: User) -> None:
    client.force_login(anna)
    as_system = client.get(reverse("account_logout")).content.decode()

    anna.theme = "dark"
    anna.save(update_fields=["theme"])
    as_chosen = client.get(reverse("account_logout")).content.decode()

    assert "data-bs-theme" not in as_system
    assert 'data-bs-theme="dark"' in as_chosen


def test_what_is_not_there_says_so_without_telling_why(client: Client, anna: User) -> None:
    client.force_login(anna)

    answer = client.get("/no-such-page/")

    assert answer.status_code == 404
    assert "There is nothing here for you" in answer.content.decode()
