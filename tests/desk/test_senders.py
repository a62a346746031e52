"""Sender addresses: the page asks no name server, whatever is pressed on it."""

import pytest

from common import doorbell
from mailroom.models import SendingDomain
from mailroom.senders import checking
from tests.desk.helpers import get, signed_in, words

URL = "/settings/senders/"


@pytest.fixture(autouse=True)
def rung(monkeypatch):
    """What was asked of the worker; nobody looks anything up here."""
    names = []
    monkeypatch.setattr(doorbell, "ring", names.append)
    monkeypatch.setattr(checking, "Resolver", pytest.fail)
    return names


def test_a_domain_that_nobody_has_looked_up_yet_says_when_that_will_be(adam):
    assert "It is looked up within a minute" in words(get(adam, "desk:senders"))


def test_looking_again_is_asked_of_the_worker(adam, rung, at):
    checking.domains(at)

    answer = signed_in(adam).post(f"{URL}again/")

    assert answer.status_code == 302 and rung == ["mailroom.tasks.look_up_senders"]
    assert SendingDomain.objects.get().next_at == at


def test_a_selector_is_kept_or_refused_with_what_was_typed(adam, at):
    [row] = checking.domains(at)
    client = signed_in(adam)

    kept = client.post(URL, {"domain": row.pk, "selector": "s1", "signing_domain": ""})
    refused = client.post(URL, {"domain": row.pk, "selector": "a b", "signing_domain": ""})

    assert (kept.status_code, refused.status_code) == (302, 422)
    assert SendingDomain.objects.get().selector == "s1"
    assert 'value="a b"' in refused.content.decode()
