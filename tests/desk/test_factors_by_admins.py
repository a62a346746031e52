"""Second factors as administrators see them and take them away."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.urls import reverse

from common.models import ConfigurationChange
from people import factors
from tests.desk.factors import confirmed, entered, is_in, told, with_app
from tests.desk.helpers import get, post, signed_in, words


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet(half_minute):
    """What allauth counts besides is kept in the process."""
    cache.clear()


def test_administrators_see_who_has_which_and_who_lacks_one(anna, mona, adam):
    with_app(anna)
    factors.set_rules(by=adam, roles=["manager"], at_once=False)

    page = words(get(adam, "desk:people"))

    assert "Authenticator app" in page
    assert page.count("none, must have one") == 1


def test_an_administrator_resets_a_factor_and_the_person_is_told(anna, adam):
    there = confirmed(anna)
    with_app(anna, there)

    post(adam, "desk:person_factor_reset", anna.pk)

    change = ConfigurationChange.objects.order_by("-pk").first()
    assert (change.by, change.before) == (adam, {"factors": ["recovery_codes", "totp"]})
    assert told(anna)[-1] == "Escala: Your second factor was reset"
    assert not is_in(there) and is_in(entered(anna))


def test_nobody_resets_his_own_nor_one_that_is_not_there(anna, adam):
    with_app(adam)

    own = signed_in(adam).post(reverse("desk:person_factor_reset", args=[adam.pk]), follow=True)
    none = signed_in(adam).post(reverse("desk:person_factor_reset", args=[anna.pk]), follow=True)

    assert "on your own page" in words(own) and "has no second factor" in words(none)
    assert factors.has_factor(adam)


def test_the_last_administrator_gets_in_again_from_the_machine(adam):
    with_app(adam)
    for _n in range(8):
        entered(adam).post(reverse("mfa_authenticate"), {"code": "000000"})

    call_command("reset_second_factor", adam.email.upper())

    assert is_in(entered(adam))
    assert not Authenticator.objects.exists()
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "nobody@nowhere.example")
