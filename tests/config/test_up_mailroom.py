"""The launcher and the mailroom: started where there is a door to keep, again when it dies, and ended with the desk."""

import os
import signal
import smtplib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.config.conftest import copied, started
from tests.config.desks import PATIENCE, RunningDesk, is_alive, status_of, wait_until
from tests.mailroom.mails import compose
from tools.ports import free_port

pytestmark = [pytest.mark.once, pytest.mark.slow, pytest.mark.broker]
DESK = "support@desk.example"


@pytest.fixture
def with_a_door(template: Path) -> Iterator[tuple[RunningDesk, int]]:
    door = free_port()
    given = {"LMTP_LISTEN": f"127.0.0.1:{door}", "MAIL_FROM": DESK, "WEB_PROCESSES": "1"}
    with copied(template) as folder, started(folder, free_port(), **given) as running:
        yield running, door


def hand_in(door: int, number: int) -> bool:
    """Whether the mail was taken: the door answered 250."""
    try:
        with smtplib.LMTP("127.0.0.1", door, timeout=10) as server:
            return server.sendmail("cora@x.example", [DESK], compose(to=DESK, identifier=f"<{number}@x.example>")) == {}
    except OSError:
        return False


def filed(desk: RunningDesk) -> int:
    path = f"file:{desk.var_dir}/escala.sqlite3?mode=ro"
    with closing(sqlite3.connect(path, uri=True, timeout=10)) as database:
        return int(database.execute("SELECT count(*) FROM mailroom_rawmessage WHERE state = 'filed'").fetchone()[0])


def test_the_mailroom_is_started_is_started_again_and_ends_with_the_desk(with_a_door: tuple[RunningDesk, int]) -> None:
    desk, door = with_a_door
    wait_until(lambda: hand_in(door, 1), what="the door")
    wait_until(lambda: filed(desk) == 1, what="the first mail")
    first = desk.pids("mailroom")

    for pid in first:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: hand_in(door, 2), what="the door of the second mailroom")

    wait_until(lambda: filed(desk) == 2, what="the second mail")
    assert desk.says("mailroom has died (SIGKILL) and is started again in 0.2 s."), desk.output
    assert not desk.pids("mailroom") & first and status_of(f"{desk.url}/readyz") == 200
    last = desk.pids("mailroom")
    desk.process.send_signal(signal.SIGTERM)
    assert desk.process.wait(timeout=PATIENCE) == 0
    wait_until(lambda: not any(map(is_alive, last)), within=15, what="the end of the mailroom")
    assert not hand_in(door, 3)
