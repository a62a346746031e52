"""The timetable and how tasks travel: everything may be lost, nothing may be trusted blindly."""

from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from config.celery import TIMETABLE, app
from config.tasks import tidy
from desk.retention import sweeping


@pytest.mark.parametrize("entry", TIMETABLE)
def test_every_entry_names_a_task_that_exists_and_expires(entry: str) -> None:
    app.loader.import_default_modules()

    assert TIMETABLE[entry]["task"] in app.tasks
    assert TIMETABLE[entry]["options"]["expires"] > 0


def test_the_engine_is_rung_every_two_seconds() -> None:
    assert TIMETABLE["sweep"]["schedule"] == TIMETABLE["deliver"]["schedule"] == 2.0


def test_a_task_is_acknowledged_late_and_carries_no_objects() -> None:
    conf = app.conf

    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.worker_prefetch_multiplier == 1
    assert conf.accept_content == ["json"]
    assert conf.task_serializer == "json"
    assert conf.result_backend is None
    assert conf.timezone == "UTC"


def test_housekeeping_forgets_the_sessions_that_have_ended(db: None, at: datetime) -> None:
    Session.objects.create(session_key="old", session_data="", expire_date=at - timedelta(days=30_000))
    Session.objects.create(session_key="new", session_data="", expire_date=at + timedelta(days=30_000))

    tidy()

    assert [session.session_key for session in Session.objects.all()] == ["new"]


def test_a_worker_looks_for_the_sweep_before_all_else() -> None:
    first = app.amqp.queues.consume_from

    assert list(first) == ["escala.engine", "escala"]
    assert app.amqp.router.route({}, "escalation.tasks.sweep")["queue"].name == "escala.engine"
    assert app.conf.broker_transport_options["queue_order_strategy"] == "priority"


def test_a_sweep_of_old_data_ends_before_it_is_delivered_again_and_goes_on_the_same_night() -> None:
    schedule = TIMETABLE["remove old"]["schedule"]

    assert app.conf.broker_transport_options["visibility_timeout"] > sweeping.LONGEST
    assert len(schedule.hour) * len(schedule.minute) == 18
