"""DESIGN §3.13: one source of time, which is the database's, and an offset that only tests and demo mode can set."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from common import clock

SECOND = timedelta(seconds=1)
MACHINE = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)


class Cursor:
    """A database whose clock is ahead of this machine's."""

    def __init__(self, ahead: timedelta) -> None:
        self.ahead = ahead

    def __enter__(self) -> "Cursor":
        return self

    def __exit__(self, *error: object) -> None: ...

    def execute(self, question: str) -> None:
        assert question == "SELECT clock_timestamp()"

    def fetchone(self) -> tuple[datetime]:
        return (datetime.now(UTC) + self.ahead,)


@pytest.fixture
def database_ahead(monkeypatch, time_machine):
    """This machine's clock stands still, and the database's is so far ahead."""
    clock.freeze(None)
    time_machine.move_to(MACHINE, tick=False)
    for name in ("skew", "offset"):
        monkeypatch.setattr(clock._State, name, timedelta())
    for name in ("skew_measured", "offset_read"):
        monkeypatch.setattr(clock._State, name, -1000.0)

    def put(ahead: timedelta) -> None:
        monkeypatch.setattr(clock, "connection", SimpleNamespace(vendor="postgresql", cursor=lambda: Cursor(ahead)))

    return put


@pytest.mark.parametrize("seconds", [-90, -1, 1, 90])
def test_the_time_is_the_databases(database_ahead, seconds):
    database_ahead(seconds * SECOND)

    clock.synchronise()

    assert clock.now() == MACHINE + seconds * SECOND
    assert clock.skew() == seconds * SECOND


@pytest.mark.parametrize(("seconds", "alarms"), [(1.9, 0), (2.1, 1), (-2.1, 1)])
def test_a_difference_above_two_seconds_is_an_alarm(database_ahead, caplog, seconds, alarms):
    database_ahead(seconds * SECOND)

    clock.synchronise()

    assert [record.levelname for record in caplog.records if record.name == "common.clock"] == ["ERROR"] * alarms


def test_the_skew_is_measured_each_minute_and_not_each_time(database_ahead, time_machine):
    database_ahead(5 * SECOND)
    clock.synchronise()
    database_ahead(9 * SECOND)

    clock.synchronise()
    assert clock.skew() == 5 * SECOND

    clock._State.skew_measured -= 60
    clock.synchronise()
    assert clock.skew() == 9 * SECOND


def test_outside_of_demo_mode_nobody_moves_the_time(settings):
    settings.DEMO = False

    with pytest.raises(RuntimeError):
        clock.advance(SECOND)
    with pytest.raises(CommandError, match="demo mode only"):
        call_command("advance_clock", "6h")


def test_a_demo_is_moved_forward_and_every_process_reads_it_from_the_database(db, settings, monkeypatch, capsys):
    settings.DEMO = True
    clock.freeze(None)
    monkeypatch.setattr(clock._State, "offset", timedelta())
    before = clock.now()

    call_command("advance_clock", "1d12h")
    # Another process, which knows only what is stored.
    clock._State.offset, clock._State.offset_read = timedelta(), -1000.0
    clock.synchronise()

    assert timedelta(hours=36) <= clock.now() - before < timedelta(hours=36, minutes=5)


@pytest.mark.parametrize("text", ["", "6", "h", "six hours", "-6h", "6h ", "1w"])
def test_what_is_no_duration_moves_nothing(settings, text):
    settings.DEMO = True

    with pytest.raises(CommandError, match="is no duration"):
        call_command("advance_clock", "--", text)
