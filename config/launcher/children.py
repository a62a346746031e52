"""The processes under the launcher: started on a tether, listened to, restarted, stopped."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from config.environment import BASE_DIR
from config.launcher.console import say

TETHER = Path(__file__).with_name("tether.py")
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
# A child that lived this long has recovered: its next death is a first one again.
WELL_AFTER = 10.0
GRACE = 5.0


@dataclass(frozen=True, slots=True)
class Program:
    """What to run: `before` is called ahead of each start, with the number of quick deaths so far."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    descriptors: tuple[int, ...] = ()
    before: Callable[[int], None] = lambda deaths: None


class Child:
    """One program that is kept running. Only the main thread may use it: the tether holds to a *thread's* life."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.deaths = 0
        self._start_at = 0.0
        self._started_at = 0.0
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self.program.before(self.deaths)
        python = [sys.executable, "-I", "-S", str(TETHER), str(os.getpid())]
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 - the commands are the launcher's own
            [*python, *self.program.command],
            cwd=BASE_DIR,
            env={**os.environ, **self.program.environment},
            pass_fds=self.program.descriptors,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            # A group of its own: Ctrl-C reaches the launcher alone, which then stops everybody in order.
            start_new_session=True,
        )
        threading.Thread(target=self._listen, args=(self._process.stdout,), daemon=True).start()

    def look_after(self) -> None:
        """Notice a death and say so; start again when the pause is over."""
        if self._process is not None:
            code = self._process.poll()
            if code is None:
                return
            self._bury(code)
        if time.monotonic() >= self._start_at:
            self.start()

    def ask_to_stop(self) -> None:
        self._signal(signal.SIGTERM)

    def stop(self, *, until: float) -> None:
        """Wait until the given monotonic second, then use force; whoever is left in its group goes with it."""
        if self._process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, until - time.monotonic()))
        self._signal(signal.SIGKILL)
        self._process.wait()

    def _bury(self, code: int) -> None:
        lived = time.monotonic() - self._started_at
        self.deaths = 1 if lived >= WELL_AFTER else self.deaths + 1
        pause = min(FIRST_PAUSE * 2 ** (self.deaths - 1), LONGEST_PAUSE)
        self._signal(signal.SIGKILL)
        self._process = None
        self._start_at = time.monotonic() + pause
        how = signal.Signals(-code).name if code < 0 else f"status {code}"
        say(f"{self.program.name} has died ({how}) and is started again in {pause:.1f} s.")

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)

    def _listen(self, lines: IO[str]) -> None:
        with lines:
            for line in lines:
                say(line.rstrip("\n"), source=self.program.name)


def stop_all(children: Sequence[Child]) -> None:
    """Ask all, in the order they were started, then wait for all; force after `GRACE` seconds."""
    until = time.monotonic() + GRACE
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.stop(until=until)
