"""Real processes for the tests of the ground: a broker, a free port, a desk with its tables made."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.config.desks import RunningDesk, wait_until
from tools.ports import free_port


@pytest.fixture(name="free_port")
def a_free_port() -> int:
    return free_port()


@pytest.fixture
def var_dir(template: Path) -> Iterator[Path]:
    """A desk's folder, ready to start."""
    with copied(template) as folder:
        yield folder


@contextmanager
def copied(template: Path) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="escala-test-"))
    shutil.copytree(template, folder, dirs_exist_ok=True)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def desk(var_dir: Path, free_port: int) -> Iterator[RunningDesk]:
    """`manage.py up` on an empty desk, ready; whatever the test did to it, nothing of it is left."""
    with started(var_dir, free_port) as running:
        yield running


@pytest.fixture(scope="module")
def lasting_desk(template: Path) -> Iterator[RunningDesk]:
    """The same for tests that leave it running and ready."""
    with copied(template) as folder, started(folder, free_port()) as running:
        yield running


@contextmanager
def started(folder: Path, port: int, **given: str) -> Iterator[RunningDesk]:
    running = RunningDesk(folder, port, **{"WEB_PROCESSES": "2", **given})
    running.start()
    yield running
    running.process.send_signal(signal.SIGKILL)
    running.process.wait()
    running.close()
    # The last of them to close the database takes a file of the folder with it.
    wait_until(lambda: not running.pids(), what="the end of its processes")


@pytest.fixture
def ended() -> Iterator[list["subprocess.Popen[str]"]]:
    """Processes put in here are ended after the test."""
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        process.kill()
        process.wait()
