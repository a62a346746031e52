"""Connections are kept from one request or task to the next, and none that died is handed to anybody."""

import sys
from collections.abc import Iterator

import pytest
from celery.signals import task_postrun, task_prerun
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from common import prepared
from config.celery import app

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite ends no connection")
DEATH = "SELECT pg_terminate_backend(%s, 5000)"


@pytest.fixture
def another(transactional_db: None) -> Iterator[BaseDatabaseWrapper]:
    """A connection besides the test's own, as a thread of the web process has one."""
    opened = connection.copy()
    opened.settings_dict = {**connection.settings_dict, "CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": 600}
    yield opened
    opened.close()


def backend_of(wrapper: BaseDatabaseWrapper) -> int:
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        found: int = cursor.fetchone()[0]
        return found


@on_postgresql
def test_a_connection_that_the_server_ended_is_not_asked_by_the_next_request(another: BaseDatabaseWrapper) -> None:
    first = backend_of(another)
    another.close_if_unusable_or_obsolete()
    with connection.cursor() as cursor:
        cursor.execute(DEATH, [first])

    assert backend_of(another) != first


@on_postgresql
def test_one_that_lives_is_kept_and_is_not_even_asked_whether_it_does(
    another: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = backend_of(another)
    another.close_if_unusable_or_obsolete()
    asked: list[object] = []
    monkeypatch.setattr(type(another).__mro__[1], "is_usable", lambda wrapper: bool(asked.append(wrapper)))

    assert backend_of(another) == first
    assert asked == []


@on_postgresql
def test_what_the_server_says_besides_is_not_taken_for_its_end(another: BaseDatabaseWrapper) -> None:
    first = backend_of(another)
    with another.cursor() as cursor:
        cursor.execute("LISTEN rung")
    another.close_if_unusable_or_obsolete()
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY rung")

    assert backend_of(another) == first


@on_postgresql
def test_a_prepared_question_is_asked_on_a_connection_that_lives(
    transactional_db: None, another: BaseDatabaseWrapper
) -> None:
    first = backend_of(connection)
    connection.health_check_enabled, connection.health_check_done = True, False
    with another.cursor() as cursor:
        cursor.execute(DEATH, [first])

    with prepared.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone()[0] != first


def test_the_worker_keeps_a_connection_while_it_lives_and_is_young(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[bool] = []
    monkeypatch.setattr("config.celery.close_old_connections", lambda: looked.append(True))

    for signal in (task_prerun, task_postrun):
        signal.send(sender=None)

    assert looked == [True, True]
    assert app.conf["CELERY_DB_REUSE_MAX"] == sys.maxsize
