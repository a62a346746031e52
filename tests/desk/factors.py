"""Second factors as people set them up and use them, for tests."""

import json
import re

from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.desk.helpers import signed_in
from tests.desk.soft_key import SoftKey, code_of
from tests.factories.people import PASSWORD

OPTIONS = re.compile(r'data-options="([^"]*)"')


def entered(user) -> Client:
    """Signed in by the page, with the password alone: where a second step follows, it waits there."""
    browser = Client()
    browser.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return browser


def confirmed(user) -> Client:
    """Signed in, and has just said once more who he is."""
    browser = signed_in(user)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return browser


def with_app(user, browser: Client | None = None) -> str:
    """Sets up an app; its secret."""
    browser = browser or confirmed(user)
    secret = browser.get(reverse("mfa_activate_totp")).context["form"].secret
    answer = browser.post(reverse("mfa_activate_totp"), {"code": code_of(secret, later=-1)})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    return secret


def options(answer) -> dict:
    return json.loads(OPTIONS.search(answer.content.decode())[1].replace("&quot;", '"'))


def with_passkey(user, browser: Client | None = None, **given) -> SoftKey:
    browser, key = browser or confirmed(user), SoftKey()
    made = key.made(options(browser.get(reverse("mfa_add_webauthn"))))
    browser.post(reverse("mfa_add_webauthn"), {"name": "My phone", "credential": made, "passwordless": "on", **given})
    return key


def is_in(browser: Client) -> bool:
    return browser.get(reverse("desk:alerts")).status_code == 200


def told(user) -> list[str]:
    return [letter.subject for letter in mail.outbox if letter.to == [user.email]]
