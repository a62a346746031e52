"""`make run`, as a person in a terminal sees it: ready, Ctrl-C, silence."""

import os
import pty
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.environment import BASE_DIR
from tests.config.desks import PATIENCE, is_alive, processes_with, surroundings, wait_until

pytestmark = [pytest.mark.once, pytest.mark.slow, pytest.mark.broker]

# The terminal becomes the controlling one, so that Ctrl-C goes to make and to all that it started.
IN_FRONT = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""


class Terminal:
    """`make run` in a terminal of its own, as the foreground of its session."""

    def __init__(self, var_dir: Path, *arguments: str) -> None:
        self.var_dir = var_dir
        self.shown = ""
        self.master, slave = pty.openpty()
        self.make = subprocess.Popen(
            # `-o`: however old the packages are beside their lock file, a test installs none.
            [sys.executable, "-c", IN_FRONT, "make", "-o", ".venv/.installed", "run", "DEMO=0", *arguments],
            cwd=BASE_DIR,
            env=surroundings(var_dir),
            stdin=slave,
            stdout=slave,
            stderr=slave,
        )
        os.close(slave)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def press_ctrl_c(self) -> None:
        os.write(self.master, b"\x03")

    def left(self) -> set[int]:
        return {pid for pid in processes_with(str(self.var_dir)) if is_alive(pid)}

    def close(self) -> None:
        self.make.kill()
        self.make.wait()
        self._reader.join(timeout=PATIENCE)
        os.close(self.master)

    def _read(self) -> None:
        while True:
            try:
                seen = os.read(self.master, 4096)
            except OSError:
                return
            self.shown += seen.decode(errors="replace")


@pytest.fixture
def terminal(var_dir: Path, free_port: int) -> Iterator[Terminal]:
    opened = Terminal(var_dir, f"PORT={free_port}")
    wait_until(lambda: "Ready after" in opened.shown or opened.make.poll() is not None, what="ready")
    yield opened
    opened.close()
    wait_until(lambda: not opened.left(), within=15, what="the end of all processes")


def test_ctrl_c_ends_the_desk_without_a_word_from_make(terminal: Terminal) -> None:
    assert "Ready after" in terminal.shown

    terminal.press_ctrl_c()
    terminal.make.wait(timeout=PATIENCE)

    wait_until(lambda: not terminal.left(), within=15, what="the end of all processes")
    assert terminal.shown.rstrip().endswith("escala   | All processes are stopped.")
    assert "make" not in terminal.shown
    assert "Traceback" not in terminal.shown


def test_a_killed_make_takes_the_desk_with_it(terminal: Terminal) -> None:
    assert "Ready after" in terminal.shown

    terminal.make.send_signal(signal.SIGKILL)

    wait_until(lambda: not terminal.left(), within=15, what="the end of all processes")
