"""The commands of docker-compose.yml against a real PostgreSQL and a real Redis, each as a process of its own."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from config.environment import BASE_DIR
from tests.config.desks import is_alive, manage, processes_with, status_of, surroundings, wait_until
from tests.config.test_compose import SECRETS, compose
from tools.postgres import find_binaries, throwaway_cluster

pytestmark = [pytest.mark.once, pytest.mark.slow, pytest.mark.broker]


@pytest.fixture
def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(compose(**SECRETS).stdout)["services"]
    return found


@pytest.fixture
def database() -> Iterator[str]:
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed: apt install postgresql")
    with throwaway_cluster(binaries) as url:
        yield url


@pytest.fixture
def redis_url(services: dict[str, dict[str, Any]], free_port: int, tmp_path: Path) -> Iterator[str]:
    """Started with the very options of the compose file."""
    server = shutil.which("redis-server") or shutil.which("valkey-server")
    if server is None:
        pytest.skip("Redis is not installed: apt install redis-server")
    options = services["redis"]["command"][1:]
    command = [server, "--port", str(free_port), "--bind", "127.0.0.1", "--dir", str(tmp_path), *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    yield f"redis://127.0.0.1:{free_port}/0"
    process.kill()
    process.wait()


def test_the_containers_commands_make_a_desk_that_sweeps_and_is_ready(
    services: dict[str, dict[str, Any]], database: str, redis_url: str, tmp_path: Path, var_dir: Path, free_port: int
) -> None:
    # A folder that has its static files; its tables are left alone for those of the server.
    port = str(free_port + 1)
    given = {"DATABASE_URL": database, "REDIS_URL": redis_url, "PORT": port, **{"SECRET_KEY": SECRETS["SECRET_KEY"]}}
    migrate = services["migrate"]["command"][2:]
    assert manage(var_dir, *migrate, **given).returncode == 0

    running = {
        name: subprocess.Popen(
            [sys.executable, *services[name]["command"][1:]],
            cwd=BASE_DIR,
            env=surroundings(var_dir, **given, ESCALA_PULSE=str(tmp_path / f"{name}.pulse")),
        )
        for name in ("web", "worker", "beat", "watchdog")
    }
    try:
        wait_until(lambda: status_of(f"http://127.0.0.1:{port}/readyz") == 200, what="readiness")
        wait_until(lambda: (tmp_path / "worker.pulse").exists(), what="the worker's pulse")
        wait_until(lambda: beats(database), what="a sweep")
        assert (tmp_path / "beat.pulse").exists()
        assert (tmp_path / "watchdog.pulse").exists()
        assert status_of(f"http://127.0.0.1:{port}/accounts/login/") == 200
        assert all(process.poll() is None for process in running.values())
    finally:
        for process in running.values():
            process.terminate()
        codes = {name: process.wait(timeout=30) for name, process in running.items()}
    # uvicorn ends well, and then by the signal that it was asked with.
    assert (codes["web"], codes["worker"], codes["beat"]) == (-signal.SIGTERM, 0, 0)
    wait_until(lambda: not [pid for pid in processes_with(str(var_dir)) if is_alive(pid)], within=15, what="the end")


def beats(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT 1 FROM common_heartbeat WHERE name = 'sweep'").fetchone() is not None
