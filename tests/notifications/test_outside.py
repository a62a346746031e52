"""The watch outside: called while the desk is well, like a webhook, and silent when it is not (DESIGN §3.7)."""

from datetime import timedelta

import pytest

from common import heartbeat
from common.errors import InvalidInput
from common.models import ConfigurationChange
from desk import vigil
from desk.looks.settings import health
from notifications import outside
from notifications.actions import post as send
from notifications.calling import Answer, CallFailedError
from notifications.models import OutsideWatch
from sla.models import Clock

MINUTE = timedelta(minutes=1)
URL = "https://watch.example/ping/9f0c"


@pytest.fixture(autouse=True)
def calls(monkeypatch):
    """What the watch was called by, and how it answers."""
    made = []
    monkeypatch.setattr(health, "unheard", lambda: 0)
    monkeypatch.setattr(outside, "post", lambda url, **given: made.append(url) or Answer(200, "OK"))
    return made


@pytest.fixture
def watch(adam, at) -> OutsideWatch:
    return outside.set_watch(url=URL, minutes=5, by=adam, now=at)


def test_a_desk_that_is_well_calls_each_few_minutes_and_no_sooner(watch, calls, at):
    for minute in range(11):
        heartbeat.beat("sweep", now=at + minute * MINUTE)
        vigil.look_around(now=at + minute * MINUTE)

    assert calls == [URL] * 3
    watch.refresh_from_db()
    assert (watch.called_at, watch.failing_since) == (at + 10 * MINUTE, None)


@pytest.mark.parametrize("ill", ["engine", "lag", "outbox"])
def test_a_desk_that_is_ill_is_silent(watch, calls, at, open_ticket, policy, ill):
    later = at + 2 * timedelta(hours=1)
    heartbeat.beat("sweep", now=at if ill == "engine" else later)
    if ill == "lag":
        open_ticket()
        Clock.objects.update(next_moment=at)
    if ill == "outbox":
        send(address="a@x.example", subject="x", text="x", dedupe="1", now=at)

    assert not vigil.look_around(now=later)

    assert calls == []


def test_a_watch_that_does_not_answer_is_told_on_the_health_page_and_asked_again(watch, at, monkeypatch):
    def refuse(url, **given):
        raise CallFailedError("ConnectError: refused")

    monkeypatch.setattr(outside, "post", refuse)
    heartbeat.beat("sweep", now=at)

    assert not vigil.look_around(now=at)

    watch.refresh_from_db()
    assert (watch.failing_since, watch.last_error, watch.next_at) == (at, "ConnectError: refused", at + 5 * MINUTE)
    [sign] = [one for one in health.signs(health.read_vitals(at), at) if one.title == "Watch outside"]
    assert sign.tone == "breach" and "refused" in sign.means


@pytest.mark.parametrize("status", [302, 404, 500])
def test_only_a_success_counts(watch, at, monkeypatch, status):
    monkeypatch.setattr(outside, "post", lambda url, **given: Answer(status, "no"))

    assert not outside.call(now=at)

    watch.refresh_from_db()
    assert watch.last_error == f"{status} no" and watch.called_at is None


def test_it_leads_nowhere_inside_the_house(adam, at, monkeypatch):
    monkeypatch.undo()
    outside.set_watch(url="https://127.0.0.1/ping", minutes=1, by=adam, now=at)

    assert not outside.call(now=at)

    assert "inside this network" in OutsideWatch.objects.get().last_error


@pytest.mark.parametrize("url", ["http://watch.example/", "ftp://watch.example/", "https://a:b@watch.example/", "x"])
def test_an_address_that_may_not_be_called_is_refused(adam, at, url):
    with pytest.raises(InvalidInput) as refused:
        outside.set_watch(url=url, minutes=5, by=adam, now=at)

    assert refused.value.errors.keys() == {"url"} and not OutsideWatch.objects.exists()


def test_the_trail_tells_the_host_and_not_the_key_in_its_path(watch, adam, at):
    outside.set_watch(url="", minutes=5, by=adam, now=at)

    made, gone = ConfigurationChange.objects.order_by("pk")
    assert made.after == gone.before == {"host": "watch.example", "minutes": 5}
    assert not OutsideWatch.objects.exists()
