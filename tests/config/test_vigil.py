"""The watchdog: it works when nobody else does, and only then."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError

from common import heartbeat
from config import vigil
from notifications import claiming
from notifications.actions import post
from notifications.models import Delivery

SECOND = timedelta(seconds=1)


class Round:
    """Counts how often it was done."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.done = 0
        self.fault = fault

    def __call__(self) -> None:
        self.done += 1
        if self.fault is not None:
            raise self.fault


@pytest.fixture
def stand_in(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., bool]:
    """A round done by the watchdog, inside of this test's transaction."""
    monkeypatch.setattr(vigil.connections, "close_all", lambda: None)
    return vigil.stand_in


@pytest.fixture
def look(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """One look of the watchdog, the same."""
    monkeypatch.setattr(vigil, "close_old_connections", lambda: None)
    return vigil.look


@pytest.mark.parametrize(("age", "silent"), [(0, False), (10, False), (11, True), (-9, False), (-3600, True)])
def test_a_round_is_silent_after_ten_seconds_and_when_its_clock_was_set_back(
    at: datetime, age: int, silent: bool
) -> None:
    assert vigil.is_silent(at - age * SECOND, now=at) is silent


def test_a_round_that_never_was_is_silent(at: datetime) -> None:
    assert vigil.is_silent(None, now=at)


def test_the_watchdog_keeps_still_while_others_do_the_rounds(look: Callable[[], list[str]], at: datetime) -> None:
    for name in vigil.ROUNDS:
        heartbeat.beat(name, now=at - 5 * SECOND)

    assert look() == []


def test_the_watchdog_sees_in_one_question_what_nobody_did(
    look: Callable[[], list[str]], at: datetime, django_assert_num_queries: Any
) -> None:
    for name in vigil.ROUNDS.keys() - {"waking"}:
        heartbeat.beat(name, now=at - 5 * SECOND)
    heartbeat.beat("sweep", now=at - 11 * SECOND)

    with django_assert_num_queries(1):
        found = look()

    assert found == ["sweep", "waking"]


def test_the_watchdog_does_the_round_that_nobody_did(
    look: Callable[[], list[str]], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    heartbeat.beat("sweep", now=at - 11 * SECOND)
    sweep = Round()
    monkeypatch.setattr(vigil, "ROUNDS", {"sweep": sweep})
    at_work: dict[str, threading.Thread] = {}

    vigil.take_turn(at_work)
    at_work["sweep"].join()

    assert sweep.done == 1


def test_a_round_that_hangs_is_not_begun_again_and_holds_up_no_other(
    look: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go, mail, sweep = threading.Event(), Round(), Round()
    monkeypatch.setattr(vigil, "ROUNDS", {"mail": lambda: (mail(), let_go.wait()), "sweep": sweep})
    at_work: dict[str, threading.Thread] = {}

    vigil.take_turn(at_work)
    at_work["sweep"].join()
    vigil.take_turn(at_work)
    at_work["sweep"].join()
    let_go.set()
    at_work["mail"].join()

    assert (mail.done, sweep.done) == (1, 2)


def test_a_look_that_fails_is_reported_and_survived(
    look: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(names: object) -> None:
        raise OperationalError("the database system is shutting down")

    monkeypatch.setattr(heartbeat, "last_of", fail)

    assert look() == []

    assert "could not look: OperationalError" in caplog.text


def test_a_fault_of_a_round_is_reported_and_survived(
    stand_in: Callable[..., bool], caplog: pytest.LogCaptureFixture
) -> None:
    sweep = Round(fault=OperationalError("the database system is shutting down"))

    assert not stand_in("sweep", sweep)

    assert "could not do the sweep: OperationalError" in caplog.text


def test_the_watchdog_knows_the_rounds_by_the_names_that_they_leave(
    stand_in: Callable[..., bool], at: datetime
) -> None:
    for name, run in vigil.ROUNDS.items():
        assert stand_in(name, run)
        assert heartbeat.last(name) == at


def test_the_watchdog_sends_turn_after_turn(stand_in: Callable[..., bool], at: datetime, settings: Any) -> None:
    settings.DELIVERY_TURN = timedelta()
    for number in range(2 * claiming.BATCH + 1):
        post(address="cora@example.com", subject="Hello", text="Hello.", dedupe=f"n{number}", now=at)

    assert stand_in("delivery", vigil.ROUNDS["delivery"])

    assert not Delivery.objects.unsent().exists()
