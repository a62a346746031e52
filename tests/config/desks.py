"""A desk under `manage.py up`, as a test handles it."""

import os
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path

from config.environment import BASE_DIR

PATIENCE = 60.0


def surroundings(var_dir: Path, **given: str) -> dict[str, str]:
    """An environment of its own: nothing of the test run's settings reaches the desk."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "ESCALA_VAR": str(var_dir), "DEMO": "0", **given}


def manage(var_dir: Path, *arguments: str, **given: str) -> "subprocess.CompletedProcess[str]":
    return in_surroundings(var_dir, "manage.py", *arguments, **given)


def in_surroundings(var_dir: Path, *arguments: str, **given: str) -> "subprocess.CompletedProcess[str]":
    """Python with these arguments, in the folder of the code."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=BASE_DIR,
        env=surroundings(var_dir, **given),
        capture_output=True,
        text=True,
        timeout=120,
    )


def make_template(folder: Path) -> None:
    done = manage(folder, "upgrade")
    assert done.returncode == 0, done.stderr


def wait_until(true: Callable[[], bool], *, within: float = PATIENCE, what: str = "it") -> float:
    """Look again and again; returns the seconds it took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < within, f"{what} did not happen within {within} s"
        time.sleep(0.05)
    return time.monotonic() - began


def status_of(url: str, *, timeout: float = 20.0) -> int:
    """The answer's status; 0 when there is none."""
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0


def processes_with(text: str) -> set[int]:
    """Who has this text in the command line or the environment: every process of one desk, however it was made."""
    return {pid for pid in _pids() if text.encode() in _read(pid, "environ") + _read(pid, "cmdline")}


def is_alive(pid: int) -> bool:
    state = re.search(rb"State:\s+(\w)", _read(pid, "status"))
    return state is not None and state[1] != b"Z"


class RunningDesk:
    """Starts the launcher, keeps its lines, knows its processes by the folder that they work in."""

    def __init__(self, var_dir: Path, port: int, **given: str) -> None:
        self.var_dir = var_dir
        self.url = f"http://127.0.0.1:{port}"
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=BASE_DIR,
            env=surroundings(var_dir, PORT=str(port), **given),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def start(self) -> None:
        """Wait until the page answers and every process of the engine runs."""
        wait_until(lambda: self.process.poll() is not None or self.says("Ready after"), what="ready")
        assert self.process.poll() is None, self.output
        wait_until(lambda: all(self.pids(part) for part in ("celery", "watchdog")), what="the engine's start")

    def close(self) -> None:
        self._listener.join()

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    def says(self, text: str) -> bool:
        return text in self.output

    def pids(self, program: str = "") -> set[int]:
        """Living processes of this desk whose command names the program; the launcher is not among them."""
        mine = processes_with(str(self.var_dir)) - {self.process.pid}
        return {pid for pid in mine if program.encode() in _read(pid, "cmdline") and is_alive(pid)}

    def is_ready(self) -> bool:
        return status_of(f"{self.url}/readyz") == 200

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout:
            for line in self.process.stdout:
                self.lines.append(line.rstrip("\n"))


def _pids() -> Iterable[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _read(pid: int, what: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{what}").read_bytes()
    except OSError:
        return b""
