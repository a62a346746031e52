"""The launcher, for real: what it starts, what it survives, and that nothing of it stays behind."""

import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from config.environment import BASE_DIR
from tests.config.desks import PATIENCE, RunningDesk, is_alive, manage, status_of, surroundings, wait_until

pytestmark = [pytest.mark.once, pytest.mark.slow, pytest.mark.broker]


ADAM = """
from config.demo import company
from people.models import User
User.objects.create_user(company.address("adam"), name="Adam", role="admin")
"""


def beats(desk: RunningDesk) -> Callable[[], tuple[object, ...]]:
    """The engine's last sweep, as it stands in the desk's own database."""

    def read() -> tuple[object, ...]:
        with sqlite3.connect(f"file:{desk.var_dir}/escala.sqlite3?mode=ro", uri=True, timeout=10) as database:
            row = database.execute("SELECT beat_at FROM common_heartbeat WHERE name = 'sweep'").fetchone()
        database.close()
        return row or ()

    return read


def test_a_desk_starts_all_its_processes_and_a_killed_launcher_takes_them_with_it(desk: RunningDesk) -> None:
    assert desk.is_ready()
    assert status_of(f"{desk.url}/livez") == 200
    running = desk.pids()
    assert {bool(desk.pids(name)) for name in ("config.web", "worker", "beat", "watchdog", "broker.sock")} == {True}
    # Worker and its two pool children, a second web process, besides the other four.
    wait_until(lambda: len(desk.pids("worker")) >= 3, what="the pool")
    wait_until(lambda: len(desk.pids("config.web")) == 2, what="the second web process")
    running |= desk.pids()

    desk.process.kill()
    desk.process.wait()

    left = lambda: desk.pids() | {pid for pid in running if is_alive(pid)}  # noqa: E731 - asked again and again
    wait_until(lambda: not left(), within=15, what="the end of all processes")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_desk_that_is_asked_to_stop_ends_well_and_leaves_nothing(desk: RunningDesk, how: signal.Signals) -> None:
    desk.process.send_signal(how)

    assert desk.process.wait(timeout=PATIENCE) == 0
    desk.close()
    assert not desk.pids()
    assert "Traceback" not in desk.output
    assert desk.lines[-1] == "escala   | All processes are stopped."


def test_a_child_that_dies_is_started_again_and_that_is_said(lasting_desk: RunningDesk) -> None:
    first = lasting_desk.pids("config.web")

    for program in ("config.web", "watchdog", "broker.sock", " beat", "worker"):
        for pid in lasting_desk.pids(program.strip()):
            os.kill(pid, signal.SIGKILL)

    wait_until(lambda: bool(lasting_desk.pids("config.web") - first), what="another web process")
    wait_until(lasting_desk.is_ready, what="readiness")
    wait_until(lambda: len(lasting_desk.pids("worker")) >= 3, what="another worker")
    for name in ("web", "watchdog", "broker", "beat", "worker"):
        assert lasting_desk.says(f"{name} has died (SIGKILL) and is started again in 0.2 s."), lasting_desk.output


def test_the_sweep_goes_on_when_the_broker_is_frozen_and_the_page_stays_quick(lasting_desk: RunningDesk) -> None:
    swept = beats(lasting_desk)
    wait_until(lambda: bool(swept()), what="the first sweep")
    wait_until(lambda: len(lasting_desk.pids("worker")) >= 3, what="the pool")
    frozen = lasting_desk.pids("broker.sock")
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    before, said = swept(), len(lasting_desk.lines)
    try:
        assert status_of(f"{lasting_desk.url}/readyz", timeout=1.0) == 200
        # Ten seconds of silence, then one look and the sweep itself, on a machine that others use too.
        done = "completed the sweep for 10 s; the watchdog did it"
        wait_until(lambda: any(done in line for line in lasting_desk.lines[said:]), within=30, what="the watchdog")
        assert swept() != before
        assert status_of(f"{lasting_desk.url}/readyz", timeout=1.0) == 200
    finally:
        for pid in frozen:
            os.kill(pid, signal.SIGCONT)


def test_fifty_stalled_uploads_hold_nobody_up(lasting_desk: RunningDesk) -> None:
    host, port = lasting_desk.url.removeprefix("http://").split(":")
    head = f"POST /accounts/login/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000000\r\n\r\nlogin="
    stalled = [socket.create_connection((host, int(port))) for _ in range(50)]
    try:
        for connection in stalled:
            connection.sendall(head.encode())

        assert status_of(f"{lasting_desk.url}/readyz", timeout=1.0) == 200
    finally:
        for connection in stalled:
            connection.close()


def test_the_folder_and_the_port_are_taken_by_one_launcher_only(lasting_desk: RunningDesk, free_port: int) -> None:
    port = lasting_desk.url.rsplit(":", 1)[1]

    same_port = second_launcher(lasting_desk.var_dir / "other", port)
    same_folder = second_launcher(lasting_desk.var_dir, str(free_port + 1))

    assert same_port.returncode == same_folder.returncode == 2
    assert same_port.stdout == same_folder.stdout == ""
    assert same_port.stderr == (
        f"escala: PORT: 127.0.0.1:{port} cannot be used: Address already in use. Try PORT={int(port) + 1}.\n"
    )
    assert (
        same_folder.stderr
        == f"escala: The desk in {lasting_desk.var_dir} is running already; stop it, or set ESCALA_VAR.\n"
    )


def test_what_a_desk_keeps_is_for_its_owner_only(tmp_path: Path) -> None:
    var_dir = tmp_path / "var"

    assert manage(var_dir, "check").returncode == 0

    assert stat.S_IMODE(var_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE((var_dir / "secret_key").stat().st_mode) == 0o600


def test_a_broker_that_cannot_read_its_journal_starts_with_an_empty_one(var_dir: Path, free_port: int) -> None:
    journal = var_dir / "broker" / "appendonlydir"
    journal.mkdir(parents=True)
    (journal / "appendonly.aof.manifest").write_text("file appendonly.aof.1.base.rdb seq 1 type b\n")
    (journal / "appendonly.aof.1.base.rdb").write_bytes(b"REDIS9999 from the future")

    desk = RunningDesk(var_dir, free_port)
    try:
        desk.start()
        wait_until(lambda: desk.says("starts with an empty one"), what="the broker's recovery")
        wait_until(lambda: (var_dir / "broker" / "broker.sock").exists(), what="the broker")
    finally:
        desk.process.kill()
        desk.process.wait()
        desk.close()


def second_launcher(var_dir: Path, port: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=BASE_DIR,
        env=surroundings(var_dir, PORT=port),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def test_demo_data_is_never_served_as_a_real_desk(var_dir: Path, free_port: int) -> None:
    made = manage(var_dir, "shell", "--verbosity=0", "--command", ADAM)
    assert made.returncode == 0, made.stderr

    refused = second_launcher(var_dir, str(free_port))

    assert refused.returncode == 2
    assert refused.stderr.startswith("escala: DEMO=0: this database holds demo data")
