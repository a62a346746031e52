"""Real processes for the tests of the ground: a broker, a free port, a desk with its tables made."""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.config.desks import RunningDesk, make_template
from tools.ports import free_port


@pytest.fixture(name="free_port")
def a_free_port() -> int:
    return free_port()


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """Makes a folder that all workers of a run share; whoever comes first fills it, the others wait."""
    common = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        common = common.parent

    def make(name: str, fill: Callable[[Path], object]) -> Path:
        folder = common / name
        with (common / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                being_filled = common / f"{name}.part"
                being_filled.mkdir()
                fill(being_filled)
                being_filled.rename(folder)
        return folder

    return make


@pytest.fixture(scope="session")
def template(made_once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """A folder whose tables and static files are made, to be copied: making them takes seconds."""
    return made_once("template", make_template)


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
