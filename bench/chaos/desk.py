"""The desk under attack: `manage.py up` as anybody starts it, and what is set beside it."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

from config.launcher.children import Child, Program, stop_all
from config.launcher.programs import program
from tools.ports import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
READY_WITHIN = 120.0
PYTHON = sys.executable


class Desk:
    """Made by `running`; whoever holds it may ask whether it is ready."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    @property
    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


@contextmanager
def running(folder: Path) -> Iterator[Desk]:
    """Ready at the beginning of the block, stopped after it."""
    desk = Desk(folder, free_port())
    with (folder / "up.log").open("a") as log:
        launcher = subprocess.Popen(
            [PYTHON, "manage.py", "up", "--with-parent"],
            cwd=ROOT,
            env={**os.environ, "PORT": str(desk.port)},
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        try:
            _wait_until_ready(desk, launcher)
            yield desk
        finally:
            launcher.terminate()
            launcher.wait(30)


@contextmanager
def rivals(folder: Path, *, beats: int, sweepers: int) -> Iterator[list[Child]]:
    """A second beat and more engines, kept alive by whoever calls `look_after`; they say what they say into a log."""
    programs = [program("beat", environment={})] * beats
    programs += [Program("sweeper", [PYTHON, "-m", "bench.chaos.sweeper"])] * sweepers
    children = [Child(each) for each in programs]
    with (folder / "rivals.log").open("a") as log, redirect_stdout(log):
        for child in children:
            child.start()
        try:
            yield children
        finally:
            stop_all(children)


@contextmanager
def clients(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """They act by their timetable and end by themselves; the block waits for the last of them."""
    with (folder / "clients.log").open("a") as log:
        people = subprocess.Popen(
            [PYTHON, "-m", "bench.chaos.clients"], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        try:
            yield people
            if people.wait(READY_WITHIN) != 0:
                raise SystemExit("The clients failed:\n" + (folder / "clients.log").read_text()[-3000:])
        finally:
            people.kill()


def _wait_until_ready(desk: Desk, launcher: "subprocess.Popen[bytes]") -> None:
    gives_up = time.monotonic() + READY_WITHIN
    while time.monotonic() < gives_up and launcher.poll() is None:
        if desk.is_ready:
            return
        time.sleep(0.1)
    raise SystemExit("The desk did not become ready:\n" + (desk.folder / "up.log").read_text()[-3000:])
