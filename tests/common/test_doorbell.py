"""The doorbell: heard when somebody is there, and never a burden when nobody is."""

import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from celery import current_app

from common import doorbell
from config.launcher.broker import find_server

pytestmark = [pytest.mark.broker, pytest.mark.once]
TASK = "escalation.tasks.sweep"
QUEUE = "escala.engine"


@pytest.fixture
def socket() -> Iterator[Path]:
    """In a folder with a short name: the system allows 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="bell-") as folder:
        yield Path(folder) / "bell.sock"


@pytest.fixture
def server(socket: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["subprocess.Popen[bytes]"]:
    """A broker of this test's own, to which the tasks go."""
    command = [find_server(), "--port", "0", "--unixsocket", str(socket), "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while not socket.exists():
        assert process.poll() is None
    monkeypatch.setattr(current_app.conf, "broker_url", f"redis+socket://{socket}")
    monkeypatch.setattr(current_app.conf, "broker_write_url", f"redis+socket://{socket}")
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def client(server: "subprocess.Popen[bytes]", socket: Path) -> Iterator[redis.Redis]:
    with redis.Redis(unix_socket_path=str(socket), socket_timeout=5) as client:
        yield client


@pytest.fixture
def bell(monkeypatch: pytest.MonkeyPatch) -> doorbell.Bell:
    """A bell that has not failed yet."""
    monkeypatch.setattr(doorbell._Bells, "bell", None)
    return doorbell._bell()


def test_a_ring_puts_the_task_into_the_queue(client: redis.Redis, bell: doorbell.Bell) -> None:
    doorbell.ring(TASK)

    assert bell.settle(5)
    assert client.llen(QUEUE) == 1
    assert TASK.encode() in client.lindex(QUEUE, 0)


def test_rings_that_wait_together_are_one(
    client: redis.Redis, server: "subprocess.Popen[bytes]", bell: doorbell.Bell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorbell, "TRANSPORT", {**doorbell.TRANSPORT, "socket_timeout": 10})
    server.send_signal(signal.SIGSTOP)
    for _ in range(500):
        doorbell.ring(TASK)

    server.send_signal(signal.SIGCONT)

    assert bell.settle(10)
    # The first may have left alone before the others came.
    assert client.llen(QUEUE) <= 2


@pytest.mark.parametrize("fault", [signal.SIGSTOP, signal.SIGKILL])
def test_a_page_does_not_notice_that_nobody_hears(
    server: "subprocess.Popen[bytes]", bell: doorbell.Bell, fault: signal.Signals
) -> None:
    server.send_signal(fault)

    began = time.monotonic()
    for _ in range(1000):
        doorbell.ring(TASK)
    took = time.monotonic() - began

    assert took < 0.5
    assert bell.settle(5)


def test_after_a_failure_the_bell_keeps_silent_for_a_while_and_then_tries_again(
    client: redis.Redis, server: "subprocess.Popen[bytes]", bell: doorbell.Bell, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.send_signal(signal.SIGSTOP)
    doorbell.ring(TASK)
    assert bell.settle(5)
    server.send_signal(signal.SIGCONT)
    client.delete(QUEUE)

    doorbell.ring(TASK)
    assert bell.settle(5)
    assert client.llen(QUEUE) == 0

    monkeypatch.setattr(bell, "_silent_until", 0.0)
    doorbell.ring(TASK)
    assert bell.settle(5)
    assert client.llen(QUEUE) == 1
