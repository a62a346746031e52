"""The health page, and the same figures for Prometheus and for the probe."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from common import doorbell, heartbeat
from common.models import Setback
from desk import vigil
from desk.looks.settings import health as looks
from desk.pages import health as probe
from escalation import services
from escalation.coverage.reports import prove_all
from escalation.models import Ladder, Rung
from mailroom.models import Mailbox, RawMessage
from notifications.actions import post as send
from notifications.models import Preferences
from tests.desk.helpers import get, queries, signed_in, words
from tests.factories.people import make_user

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def bell(monkeypatch: pytest.MonkeyPatch) -> None:
    """No broker listens where tests run; seven tasks wait."""
    monkeypatch.setattr(looks, "unheard", lambda: 7)


@pytest.fixture
def well(adam, at) -> None:
    """A desk that does its work."""
    heartbeat.beat("sweep", now=at)
    prove_all(at)


def stands(person) -> dict[str, tuple[str, str]]:
    return {one.title: (one.tone, one.stands) for one in get(person, "desk:health").context["signs"]}


def test_a_desk_that_does_its_work_says_so(adam, well):
    page = get(adam, "desk:health")

    assert "The desk does its work." in words(page)
    assert {one.title for one in page.context["signs"] if one.tone != "ok"} == {"Watch outside"}
    assert "7 tasks wait" in words(page)


def test_each_thing_that_is_wrong_is_named_and_stands_first(adam, well, at, time, open_ticket, monkeypatch):
    Mailbox.objects.create(address="a@desk.example", changed_at=at, fetched_at=at, failing_since=at)
    Mailbox.objects.create(address="b@desk.example", changed_at=at)
    Mailbox.objects.create(address="c@desk.example", changed_at=at, is_paused=True)
    RawMessage.objects.create(raw=b"x", digest="1", received_at=at, state="quarantined")
    for key in ("1", "2"):
        Setback.objects.create(round="waking", key=key, attempts=3, next_try_at=at, error="ValueError")
    send(address="a@x.example", subject="x", text="x", dedupe="1", now=at)
    Preferences.objects.create(person=adam, off=["breach:email"])
    monkeypatch.setattr(looks, "unheard", lambda: None)
    time.move_to(at + 10 * MINUTE)

    found = stands(adam)

    assert found["Clock engine"] == ("breach", "ran 10 min ago")
    assert found["Mail of a@desk.example"] == ("breach", "looked into 10 min ago")
    assert found["Mail of b@desk.example"] == ("breach", "never looked into")
    assert "Mail of c@desk.example" not in found
    assert found["Quarantine"] == ("warn", "1 mail")
    assert found["Set aside"] == ("warn", "2 rows")
    assert found["Oldest message that waits"] == ("warn", "written 10 min ago")
    assert found["People whom nothing reaches"] == ("breach", "1 person")
    assert found["Queue of the broker"] == ("warn", "no answer")
    tones = [one for one, _stands in found.values()]
    assert tones == sorted(tones, key=["breach", "warn", "ok", ""].index)


def test_what_was_due_and_is_not_seen_to_is_the_lag_of_the_sweep(adam, well, anna, payments, open_ticket, at, time):
    assert stands(adam)["Sweep lag"] == ("ok", "nothing is late")
    sales = open_ticket(now=at, team=None).number
    services.escalate(
        user=anna, ticket_number=sales, kind="hierarchical", severity=2, reason="funding", summary="x", now=at
    )
    Rung.objects.create(escalation_id=1, level=1, reach="lead", delay=MINUTE, next_moment=at - 5 * MINUTE)

    assert stands(adam)["Sweep lag"] == ("breach", "5 min behind")


def test_holes_in_ladders_are_told_and_leave_the_desk_ready(adam, anna, payments, at, monkeypatch):
    heartbeat.beat("sweep", now=at)
    assert stands(adam)["Holes in ladders"] == ("", "not proved yet")
    Ladder.objects.create(name="Nights", team=payments).levels.create(level=1, reach="on_duty", delay=MINUTE)
    prove_all(at)

    assert stands(adam)["Holes in ladders"] == ("warn", "1 hole")
    assert "In the next fourteen days: Nights." in words(get(adam, "desk:health"))
    monkeypatch.setattr(probe.connections, "close_all", lambda: None)
    assert probe.find_details()["ladder_holes"] == 1
    assert "ladder" not in json.dumps(probe.find_problems())
    metrics = Client().get("/metrics", headers={"Host": "localhost"}).content.decode().splitlines()
    assert "escala_ladder_holes 1" in metrics


def test_prometheus_reads_what_the_page_shows(adam, well, at, time):
    Mailbox.objects.create(address="a@desk.example", changed_at=at, fetched_at=at)
    Mailbox.objects.create(address="b@desk.example", changed_at=at)
    time.move_to(at + MINUTE)

    lines = Client().get("/metrics", headers={"Host": "localhost"}).content.decode().splitlines()

    assert 'escala_mail_fetch_age_seconds{mailbox="a@desk.example"} 60.0' in lines
    assert 'escala_mail_fetch_age_seconds{mailbox="b@desk.example"} +Inf' in lines
    assert {"escala_queue_tasks 7", "escala_people_unreached 0", "escala_due_lag_seconds 0.0"} <= set(lines)


def test_the_probe_tells_figures_and_no_names(adam, well, at, time, monkeypatch):
    monkeypatch.setattr(probe.connections, "close_all", lambda: None)
    Mailbox.objects.create(address="a@desk.example", changed_at=at, fetched_at=at)
    vigil.look_around(now=at)
    monkeypatch.setattr(looks, "unheard", pytest.fail)
    time.move_to(at + MINUTE)

    assert probe.find_details() == {
        "sweep_age_seconds": 60.0,
        "due_lag_seconds": 0.0,
        "outbox_oldest_seconds": None,
        "mail_fetch_age_seconds": 60.0,
        "ladder_holes": 0.0,
        "queue_tasks": 7,
        "people_unreached": 0,
        "outside_call_age_seconds": None,
    }


def test_a_broker_that_is_not_there_is_no_answer_and_no_error(monkeypatch, tmp_path):
    monkeypatch.setattr(doorbell.current_app.conf, "broker_url", f"redis+socket://{tmp_path}/none.sock")

    assert doorbell.unheard() is None


def test_the_page_asks_as_much_for_fifty_people_as_for_one(adam, well):
    browser = signed_in(adam)
    queries(browser, "/settings/health/")
    few = queries(browser, "/settings/health/")
    for number in range(50):
        make_user(f"N{number} New")

    assert queries(browser, "/settings/health/") <= few


def test_it_is_the_administrators(mona, adam):
    assert get(mona, "desk:health").status_code == 404
