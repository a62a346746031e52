"""Real processes for the tests of the ground: a broker, a free port, a desk with its tables made."""

import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.desks import RunningDesk, make_template


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose tables and static files are made, to be copied: making them takes seconds."""
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def var_dir(template: Path) -> Iterator[Path]:
    """A desk's folder, ready to start."""
    folder = Path(tempfile.mkdtemp(prefix="escala-test-"))
    shutil.copytree(template, folder, dirs_exist_ok=True)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def desk(var_dir: Path, free_port: int) -> Iterator[RunningDesk]:
    """`manage.py up` on an empty desk, ready; whatever the test did to it, nothing of it is left."""
    running = RunningDesk(var_dir, free_port)
    running.start()
    yield running
    running.process.send_signal(signal.SIGKILL)
    running.process.wait()
    running.close()


@pytest.fixture
def ended() -> Iterator[list["subprocess.Popen[str]"]]:
    """Processes put in here are ended after the test."""
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        process.kill()
        process.wait()
