"""Second factors: set up, asked for, taken away; by their owner and by an administrator."""

import json
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from common.models import ConfigurationChange
from people import factors
from people.models import SignIn
from tests.desk.factors import confirmed, entered, is_in, options, told, with_app, with_passkey
from tests.desk.helpers import post, signed_in, words
from tests.desk.soft_key import SoftKey, code_of
from tests.factories.people import PASSWORD


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet(half_minute):
    """What allauth counts besides is kept in the process."""
    cache.clear()


def test_an_app_is_set_up_and_asked_for_at_the_next_sign_in(anna):
    secret = with_app(anna)

    browser = entered(anna)
    waits = not is_in(browser)
    answer = browser.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

    assert waits and answer["Location"] == "/"
    assert is_in(browser)


def test_a_change_is_kept_told_and_ends_the_other_sign_ins(anna):
    there = signed_in(anna)

    with_app(anna)

    change = ConfigurationChange.objects.get(subject__startswith="second factor")
    assert (change.by, change.after) == (anna, {"factor": "totp"})
    assert told(anna) == ["Escala: Your sign-in has another second factor"]
    assert not is_in(there)
    assert SignIn.objects.filter(user=anna).count() == 1


def test_nobody_changes_a_factor_without_saying_once_more_who_he_is(anna):
    browser = signed_in(anna)

    asked = browser.get(reverse("mfa_activate_totp"))
    refused = browser.post(reverse("mfa_activate_totp"), {"code": "123456"})

    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert refused["Location"].startswith(reverse("account_reauthenticate"))
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("code", ["", "000000", "abc", "9" * 500, "١٢٣٤٥٦"])
def test_a_wrong_code_sets_nothing_up(anna, code):
    browser = confirmed(anna)
    browser.get(reverse("mfa_activate_totp"))

    answer = browser.post(reverse("mfa_activate_totp"), {"code": code})

    assert answer.status_code == 422
    assert not Authenticator.objects.exists()


def test_a_code_is_taken_with_the_space_that_apps_show_it_with(anna):
    secret = with_app(anna)
    code = code_of(secret)
    browser = entered(anna)

    browser.post(reverse("mfa_authenticate"), {"code": f"{code[:3]} {code[3:]}"})

    assert is_in(browser)


def test_a_code_of_an_app_serves_once_and_so_does_every_older_one(anna):
    secret = with_app(anna)
    code = code_of(secret)
    entered(anna).post(reverse("mfa_authenticate"), {"code": code})

    again, older = entered(anna), entered(anna)
    for browser, given in ((again, code), (older, code_of(secret, later=-1))):
        browser.post(reverse("mfa_authenticate"), {"code": given})

    assert not is_in(again) and not is_in(older)


def test_the_secret_of_an_app_is_sealed_and_of_no_use_under_another_key(anna, settings):
    secret = with_app(anna)
    row = Authenticator.objects.get(type=factors.APP)
    assert secret not in json.dumps(row.data)

    settings.SECRET_KEY = "another key, as long as it has to be, and longer"

    browser = Client()
    browser.post(reverse("account_login"), {"login": anna.email, "password": PASSWORD})
    browser.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert not is_in(browser)


def test_recovery_codes_are_shown_for_some_minutes_and_each_opens_once(anna, time, at):
    browser = confirmed(anna)
    with_app(anna, browser)
    codes = browser.get(reverse("mfa_view_recovery_codes")).context["codes"]
    file = browser.get(reverse("mfa_download_recovery_codes"))
    time.move_to(at + timedelta(minutes=11))
    later = browser.get(reverse("mfa_view_recovery_codes"))

    first, second = entered(anna), entered(anna)
    for one in (first, second):
        one.post(reverse("mfa_authenticate"), {"code": codes[0]})

    assert len(codes) == 10 and all(code in file.content.decode() for code in codes)
    assert file["Content-Disposition"].startswith("attachment")
    assert not later.context["codes"]
    assert browser.get(reverse("mfa_download_recovery_codes")).status_code == 404
    assert is_in(first) and not is_in(second)


def test_new_recovery_codes_put_the_old_ones_out_of_use(anna):
    browser = confirmed(anna)
    with_app(anna, browser)
    [old, *_rest] = browser.get(reverse("mfa_view_recovery_codes")).context["codes"]

    browser.post(reverse("mfa_generate_recovery_codes"))

    new = browser.get(reverse("mfa_view_recovery_codes")).context["codes"]
    assert len(new) == 10 and old not in new
    other = entered(anna)
    other.post(reverse("mfa_authenticate"), {"code": old})
    assert not is_in(other)


def test_a_passkey_signs_in_alone(anna):
    key, browser = with_passkey(anna), Client()

    asked = browser.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"}).json()
    answer = browser.post(reverse("mfa_login_webauthn"), {"credential": key.used(asked["request_options"])})

    assert answer["Location"] == "/" and is_in(browser)


def test_a_passkey_is_the_second_step_too(anna):
    key, browser = with_passkey(anna), entered(anna)

    asked = options(browser.get(reverse("mfa_authenticate")))
    browser.post(reverse("mfa_authenticate"), {"credential": key.used(asked)})

    assert is_in(browser)


def test_a_passkey_is_offered_as_the_second_step_only_where_there_is_one(anna, mona):
    with_app(anna)
    browser = confirmed(mona)
    with_app(mona, browser)
    with_passkey(mona, browser)

    pages = [entered(person).get("/accounts/second-step/") for person in (anna, mona)]

    assert ["Use a passkey" in words(page) for page in pages] == [False, True]


def test_what_another_key_signed_or_what_was_signed_before_opens_nothing(anna):
    key, stranger = with_passkey(anna), SoftKey()
    browser = Client()
    ask = lambda: browser.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"}).json()  # noqa: E731 - three times
    tried = [
        key.used(ask()["request_options"], key=stranger.key),
        key.used({"publicKey": {"challenge": "b2xk", "rpId": "localhost"}}),
        '{"response": {}}',
        "[]",
        "not json",
        "",
    ]

    for given in tried:
        ask()
        answer = browser.post(reverse("mfa_login_webauthn"), {"credential": given})
        assert answer["Location"] == reverse("account_login"), given

    assert not is_in(browser)


def test_a_passkey_is_named_renamed_and_removed_by_its_owner_alone(anna, rosa):
    browser = confirmed(anna)
    with_passkey(anna, browser)
    pk = Authenticator.objects.get(type=factors.PASSKEY).pk

    wrong = browser.post(reverse("mfa_edit_webauthn", args=[pk]), {"name": "Old\r\nBcc: x"})
    browser.post(reverse("mfa_edit_webauthn", args=[pk]), {"name": "Old phone"})
    hers = confirmed(rosa).post(reverse("mfa_remove_webauthn", args=[pk]))

    assert (wrong.status_code, hers.status_code) == (422, 404)
    assert "Old phone" in words(browser.get(reverse("mfa_index")))
    browser.post(reverse("mfa_remove_webauthn", args=[pk]))
    assert not Authenticator.objects.exists()
    assert told(anna)[-1] == "Escala: A second factor was taken from your sign-in"


def test_wrong_codes_are_counted_for_the_account_wherever_they_come_from(anna):
    secret = with_app(anna)
    for n in range(8):
        entered(anna).post(reverse("mfa_authenticate"), {"code": "000000"}, REMOTE_ADDR=f"192.0.2.{n}")

    browser = entered(anna)
    answer = browser.post(reverse("mfa_authenticate"), {"code": code_of(secret)}, REMOTE_ADDR="192.0.2.99")

    assert answer.status_code == 429
    assert not is_in(browser)
    assert "000000" not in "".join(AccessAttempt.objects.values_list("post_data", flat=True))


def test_a_good_code_forgives_the_wrong_ones_before_it(anna):
    secret, browser = with_app(anna), entered(anna)
    browser.post(reverse("mfa_authenticate"), {"code": "000000"})

    browser.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

    assert not AccessAttempt.objects.exists()


def test_the_maintenance_door_asks_for_the_second_step_too(adam):
    with_app(adam)
    browser = Client()

    at_the_door = browser.post("/admin/login/", {"username": adam.email, "password": PASSWORD})
    entered_there = browser.get("/admin/")

    assert at_the_door["Location"].startswith(reverse("account_login"))
    assert entered_there.status_code == 302


def test_who_must_have_one_is_led_to_it_and_can_do_nothing_else(anna, adam):
    post(adam, "desk:sign_in_settings", roles=["agent"])
    browser = entered(anna)

    page = browser.get(reverse("desk:inbox"))
    stream = browser.get(reverse("live"), headers={"Accept": "text/event-stream"})
    fragment = browser.get(reverse("desk:rail"), headers={"HX-Request": "true"})
    written = browser.post(reverse("desk:profile_theme"), {"theme": "dark"})

    assert page["Location"] == written["Location"] == reverse("mfa_index")
    assert stream.status_code == 403
    assert (fragment.status_code, fragment["HX-Redirect"]) == (403, reverse("mfa_index"))
    assert browser.get("/api/v1/tickets/").status_code == 401
    assert "A second factor first" in words(browser.get(reverse("mfa_index")))
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    with_app(anna, browser)
    assert is_in(browser)


def test_who_need_not_goes_on_and_so_do_those_who_have_one(anna, mona, adam):
    with_app(mona)
    post(adam, "desk:sign_in_settings", roles=["manager"])

    assert is_in(entered(anna))
    assert entered(mona).get("/accounts/second-step/").status_code == 200


def test_saving_may_end_the_sign_ins_of_those_who_have_none_but_not_ones_own(anna, mona, adam):
    hers, his, managers = signed_in(anna), signed_in(adam), signed_in(mona)

    his.post(reverse("desk:sign_in_settings"), {"roles": ["agent", "admin"], "at_once": "on"})

    assert not is_in(hers)
    assert is_in(his) and is_in(managers)


def test_an_unknown_role_is_refused_and_nothing_is_kept(adam):
    answer = post(adam, "desk:sign_in_settings", roles=["agent", "emperor"])

    assert answer.status_code == 422 and "emperor" in words(answer)
    assert factors.required_roles() == set()


def test_the_last_factor_of_somebody_who_must_have_one_stays(anna, adam):
    browser = confirmed(anna)
    with_passkey(anna, browser)
    factors.set_rules(by=adam, roles=["agent"], at_once=False)
    pk = Authenticator.objects.get(type=factors.PASSKEY).pk

    alone = browser.post(reverse("mfa_remove_webauthn", args=[pk]))
    secret = browser.get(reverse("mfa_activate_totp")).context["form"].secret
    browser.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    beside = browser.post(reverse("mfa_remove_webauthn", args=[pk]))
    app = browser.post(reverse("mfa_deactivate_totp"))

    assert alone.status_code == 422 and "your last one" in words(alone)
    assert beside.status_code == 302
    assert app.status_code == 422
    assert factors.has_factor(anna)


def test_an_app_that_became_the_last_factor_while_it_was_taken_away_stays(anna, adam, monkeypatch):
    browser = confirmed(anna)
    with_app(anna, browser)
    factors.set_rules(by=adam, roles=["agent"], at_once=False)
    asked = iter([True, False, False])
    monkeypatch.setattr(factors, "may_remove", lambda _factor: next(asked))

    answer = browser.post(reverse("mfa_deactivate_totp"))

    assert answer.status_code == 422 and "your last one" in words(answer)
    assert factors.has_factor(anna)
