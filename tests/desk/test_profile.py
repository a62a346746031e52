import pytest
from django.test import Client
from django.urls import reverse

from tests.desk.helpers import get, post, signed_in, words
from tests.factories.people import PASSWORD

GOOD = {
    "name": "Anna Lind",
    "language": "es",
    "time_zone": "Europe/Madrid",
    "theme": "dark",
    "signature": "Anna\nPayments",
    "undo_seconds": "0",
}


@pytest.mark.parametrize(("given", "kept"), [("dark", "dark"), ("light", "light"), ("system", "")])
def test_a_theme_is_kept_and_leads_back(anna, given, kept):
    answer = post(anna, "desk:profile_theme", theme=given, next="/alerts/")

    anna.refresh_from_db()
    assert answer["Location"] == "/alerts/"
    assert anna.theme == kept


def test_the_page_carries_it(anna):
    post(anna, "desk:profile_theme", theme="dark")

    assert 'data-bs-theme="dark"' in words(get(anna, "desk:inbox"))


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_it_leads_nowhere_else(anna, elsewhere):
    assert post(anna, "desk:profile_theme", theme="dark", next=elsewhere)["Location"] == "/"


def test_customers_have_one_too_and_strangers_sign_in(cora, client):
    assert post(cora, "desk:profile_theme", theme="dark").status_code == 302
    assert client.post(reverse("desk:profile_theme"), {"theme": "dark"})["Location"].startswith("/accounts/login/")


def test_an_unknown_theme_is_refused(anna):
    assert post(anna, "desk:profile_theme", theme="pink").status_code == 400


def test_enter_in_a_field_saves_the_keys_and_resets_none(anna):
    page = words(get(anna, "desk:profile"))

    # The first button is the one that Enter presses.
    assert page.index("Save the keys") < page.index("Back to the standard keys")


def test_what_was_saved_is_said_in_the_language_that_was_chosen(anna):
    browser = signed_in(anna)

    browser.post(reverse("desk:profile"), GOOD)

    assert "Se guardaron sus ajustes." in words(browser.get(reverse("desk:profile")))


def test_a_person_changes_his_own_settings(anna):
    answer = post(anna, "desk:profile", **GOOD)

    anna.refresh_from_db()
    assert answer["Location"] == reverse("desk:profile")
    assert (anna.name, anna.language, anna.time_zone, anna.theme) == ("Anna Lind", "es", "Europe/Madrid", "dark")
    assert (anna.signature, anna.undo_seconds, anna.single_keys) == ("Anna\nPayments", 0, False)
    assert not anna.weekly_digest


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"time_zone": "Mars/Olympus"}, "There is no such zone."),
        ({"time_zone": "../../etc/passwd"}, "There is no such zone."),
        ({"undo_seconds": "31"}, "less than or equal to 30"),
        ({"undo_seconds": "-1"}, "greater than or equal to 0"),
        ({"language": "tlh"}, "Select a valid choice"),
        ({"name": "  "}, "This field is required."),
        ({"signature": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(anna, wrong, why):
    answer = post(anna, "desk:profile", **{**GOOD, **wrong})

    anna.refresh_from_db()
    assert answer.status_code == 422
    assert why in words(answer)
    assert "Anna Lind" in words(answer) or "name" in wrong
    assert anna.name == "Anna Lindqvist"


def test_single_keys_can_be_switched_off(anna):
    assert "data-keys=" not in words(get(anna, "desk:inbox"))
    post(anna, "desk:profile", **GOOD)
    assert 'data-keys="off"' in words(get(anna, "desk:inbox"))
    post(anna, "desk:profile", **GOOD, single_keys="on")
    assert "data-keys=" not in words(get(anna, "desk:inbox"))


def test_a_customer_has_what_concerns_him(cora):
    page = words(get(cora, "desk:profile"))
    assert "My requests" in page
    assert "Signature" not in page

    post(
        cora, "desk:profile", name="Cora M", language="pt-br", time_zone="America/Sao_Paulo", theme="", undo_seconds=30
    )
    cora.refresh_from_db()
    assert (cora.name, cora.undo_seconds) == ("Cora M", 10)


def test_sign_ins_are_listed_with_their_browsers_and_this_one_is_marked(anna):
    phone = Client(headers={"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1"})
    phone.post(reverse("account_login"), {"login": anna.email, "password": PASSWORD})
    here = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"})
    here.post(reverse("account_login"), {"login": anna.email, "password": PASSWORD})

    page = words(here.get(reverse("mfa_index")))

    assert page.index("Firefox on Linux") < page.index("This one") < page.index("Safari on iPhone")
    assert page.count("This one") == 1


def test_signing_out_everywhere_else_ends_the_other_sessions_for_good(anna, rosa):
    here, there, hers = signed_in(anna), signed_in(anna), signed_in(rosa)

    answer = here.post(reverse("desk:profile_end_others"), follow=True)

    assert "1 other sign-in is ended." in words(answer)
    assert there.get(reverse("desk:inbox")).status_code == 302
    assert here.get(reverse("desk:inbox")).status_code == 200
    assert hers.get(reverse("desk:inbox")).status_code == 200


def test_the_same_password_again_is_no_new_one(anna):
    browser = signed_in(anna)

    answer = browser.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
    )

    assert answer.status_code == 200 and "This is your password already. Choose another one." in words(answer)


def test_a_new_password_leads_back_and_ends_the_others(anna):
    here, there = signed_in(anna), signed_in(anna)
    new = "entirely another horse"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}

    answer = here.post(reverse("account_change_password"), data)

    assert answer["Location"] == reverse("mfa_index")
    assert there.get(reverse("desk:inbox")).status_code == 302
    # The session got a new key; the row followed it.
    assert words(here.get(reverse("mfa_index"))).count("This one") == 1
