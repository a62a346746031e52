"""The probes: 200 when the desk works, else every reason by its name, and always soon."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import OperationalError
from django.test import Client

from common import heartbeat
from config.logs import NoProbes
from desk.pages import health

Ask = Callable[[], dict[str, str]]


@pytest.fixture
def problems(db: None, monkeypatch: pytest.MonkeyPatch, settings, tmp_path: Path) -> Ask:
    """What the probe would say, asked inside of this test's transaction; the process is an old one."""
    monkeypatch.setattr(health.connections, "close_all", lambda: None)
    monkeypatch.setattr(health, "_started", time.monotonic() - 3600)
    settings.VAR_DIR = tmp_path
    return health.find_problems


@pytest.fixture
def unmigrated() -> Iterator[None]:
    health._Known.migrated = False
    yield
    health._Known.migrated = False


def test_a_desk_whose_engine_has_just_swept_has_no_problems(problems: Ask, at: datetime) -> None:
    heartbeat.beat("sweep", now=at - timedelta(seconds=59))

    assert problems() == {}


def test_a_silent_engine_is_a_problem_whoever_was_meant_to_sweep(problems: Ask, at: datetime) -> None:
    heartbeat.beat("sweep", now=at - timedelta(seconds=61))

    assert problems() == {"engine": f"the last sweep was at {(at - timedelta(seconds=61)).isoformat()}"}


def test_a_young_process_gives_the_engine_its_minute(problems: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert problems() == {"engine": "no sweep has ever completed"}

    monkeypatch.setattr(health, "_started", time.monotonic())

    assert problems() == {}


def test_waiting_migrations_are_a_problem(
    problems: Ask, unmigrated: None, monkeypatch: pytest.MonkeyPatch, at: datetime
) -> None:
    heartbeat.beat("sweep", now=at)
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: [("tickets", "9999")])

    assert problems() == {"migrations": "migrations are waiting to be applied"}


def test_a_database_that_does_not_answer_is_a_problem(problems: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> str:
        raise OperationalError("connection refused for user escala with password hunter2")

    monkeypatch.setattr(health, "CHECKS", {"migrations": refuse})

    assert problems() == {"database": "OperationalError"}


def test_a_demo_is_not_ready_before_its_data_and_its_file_are_whole(
    problems: Ask, settings, tmp_path: Path, at: datetime
) -> None:
    heartbeat.beat("sweep", now=at)
    settings.DEMO, settings.RUN_TOKEN = True, "this-start"
    (tmp_path / "demo.json").write_text('{"url": "http://127.0.0.1:8000"}')
    (tmp_path / "prepared").write_text("an-earlier-start")
    assert problems() == {"preparation": "the launcher is still preparing"}

    (tmp_path / "prepared").write_text("this-start")
    assert problems() == {}

    (tmp_path / "demo.json").write_text('{"url": ')
    assert problems() == {"preparation": "demo data is not loaded"}


def test_the_probes_answer_over_http_with_the_reasons(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "find_problems", lambda: {"engine": "no sweep has ever completed"})
    sick = client.get("/readyz")
    monkeypatch.setattr(health, "find_problems", dict)
    monkeypatch.setattr(health, "find_details", lambda: {"ladder_holes": 3.0})

    assert (sick.status_code, json.loads(sick.content)["problems"]) == (503, {"engine": "no sweep has ever completed"})
    assert client.get("/readyz").json() == {"status": "ready", "details": {"ladder_holes": 3.0}}
    assert client.get("/livez").status_code == 200


def test_figures_that_take_too_long_leave_the_desk_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it waits for comes when the answer is there; a thread of the other question has time to begin."""
    answered = threading.Event()
    monkeypatch.setattr(health, "ANSWER_WITHIN", 0.5)
    monkeypatch.setattr(health, "find_problems", dict)
    monkeypatch.setattr(health, "find_details", lambda: answered.wait(20))

    answer = client.get("/readyz")
    answered.set()

    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "details": {}})


def test_a_database_that_hangs_is_reported_within_a_second(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()
    monkeypatch.setattr(health, "ANSWER_WITHIN", 0.05)
    monkeypatch.setattr(health, "find_problems", lambda: answered.wait(20))

    answer = client.get("/readyz")
    answered.set()

    assert answer.status_code == 503
    assert answer.json()["problems"] == {"database": "no answer in time"}


def test_the_probes_need_no_host_name_no_session_and_no_https(client: Client, settings) -> None:
    settings.SECURE_SSL_REDIRECT = True

    answer = client.get("/livez", headers={"host": "10.0.0.7:8000"})

    assert answer.status_code == 200
    assert not answer.cookies


def test_a_desk_that_prepares_itself_is_silent_and_one_that_is_sick_says_so_once(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(health, "_started", time.monotonic())
    monkeypatch.setattr(health._Known, "told", frozenset())
    monkeypatch.setattr(health, "find_details", dict)
    logging.getLogger("django.request").addFilter(quiet := NoProbes())
    try:
        for found in ({"preparation": "still"}, {"engine": "silent"}, {"engine": "silent"}, {}, {"engine": "again"}):
            monkeypatch.setattr(health, "find_problems", lambda found=found: found)
            client.get("/readyz")
        client.get("/nowhere/")
    finally:
        logging.getLogger("django.request").removeFilter(quiet)

    said = [record.getMessage() for record in caplog.records]
    assert said == ["Not ready: engine: silent.", "Not ready: engine: again.", "Not Found: /nowhere/"]
