"""A colleague gets another address: asked for by an administrator, confirmed where it is read."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.core import mail
from django.test import Client

from common.errors import NotFound
from common.models import ConfigurationChange
from people import relocating
from people.entrance import AddressChange
from people.enums import Role
from people.models import Alias, SignIn, User
from tests.desk.helpers import get, post, signed_in, words

NEW = "anna@new.example"


def ask(adam, anna) -> str:
    """The address of the link in the letter."""
    assert post(adam, "desk:person_address", anna.pk, email=NEW).status_code == 302
    return relocating.path_of(AddressChange.objects.get(person=anna))


@pytest.fixture(autouse=True)
def outbox(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def test_nothing_changes_before_the_letter_is_confirmed_and_both_addresses_hear_of_it(adam, anna):
    path = ask(adam, anna)

    page = words(get(adam, "desk:person_address", anna.pk))
    looked = signed_in(anna).get(path)

    anna.refresh_from_db()
    told = {letter.to[0]: letter.body for letter in mail.outbox}
    assert anna.email == "anna@meridiano.example" and looked.status_code == 200 and NEW in page
    assert path in told[NEW] and path not in told[anna.email] and NEW in told[anna.email]


def test_the_link_makes_it_the_address_ends_sessions_and_serves_once(adam, anna):
    own = signed_in(anna)
    path = ask(adam, anna)

    done, again = own.post(path), Client().get(path)

    anna.refresh_from_db()
    assert (done.status_code, done["Location"], again.status_code) == (302, "/accounts/login/", 404)
    assert anna.email == NEW and Alias.objects.get().address == "anna@meridiano.example"
    assert not SignIn.objects.filter(user=anna).exists() and not AddressChange.objects.exists()
    assert mail.outbox[-1].to == ["anna@meridiano.example"]
    assert ConfigurationChange.objects.filter(by=adam, key=str(anna.pk)).count() == 2


def test_the_link_alone_gives_nobody_the_account(adam, anna, rosa):
    """A mistyped address is read by a stranger; or it is the administrator's own."""
    path = ask(adam, anna)

    stranger, administrator, other = Client().post(path), signed_in(adam).post(path), signed_in(rosa).get(path)

    anna.refresh_from_db()
    assert (stranger.status_code, unquote(stranger["Location"])) == (302, f"/accounts/login/?next={path}")
    assert (administrator.status_code, other.status_code) == (403, 403)
    assert "Sign in as Anna" in words(other)
    assert anna.email == "anna@meridiano.example"


@pytest.mark.parametrize("why", ["withdrawn", "newer", "late", "asker", "off", "copy"])
def test_a_link_that_opens_nothing_says_why_in_one_sentence(adam, anna, rosa, time, why):
    path = ask(adam, anna)
    token = path.split("/")[2]
    before = {
        "withdrawn": lambda: post(adam, "desk:person_address_withdraw", anna.pk),
        "newer": lambda: ask(adam, anna),
        "late": lambda: time.move_to(time.now + timedelta(days=3)),
        "asker": lambda: User.objects.filter(pk=adam.pk).update(role=Role.AGENT),
        "off": lambda: User.objects.filter(pk=anna.pk).update(is_active=False),
        "copy": lambda: None,
    }
    before[why]()

    answer = Client().post(path[:-3] + "x/" if why == "copy" else path)

    assert answer.status_code == 404 and "This link opens nothing" in words(answer)
    with pytest.raises(NotFound):
        relocating.confirm(by=anna, token=token[:-1] if why == "copy" else token, now=time.now)
    anna.refresh_from_db()
    assert anna.email == "anna@meridiano.example"


def test_an_address_that_somebody_has_is_refused_when_asked_for_and_when_confirmed(adam, anna, rosa):
    refused = post(adam, "desk:person_address", anna.pk, email=rosa.email)
    same = post(adam, "desk:person_address", anna.pk, email=anna.email)
    path = ask(adam, anna)
    User.objects.filter(pk=rosa.pk).update(email=NEW)
    late = signed_in(anna).post(path)

    anna.refresh_from_db()
    assert (refused.status_code, same.status_code, late.status_code) == (422, 422, 409)
    assert anna.email == "anna@meridiano.example"
