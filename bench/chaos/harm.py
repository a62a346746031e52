"""What is done to a desk: processes are killed, its broker is emptied, stopped and frozen, its database restarted."""

import heapq
import os
import random as randomness
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import redis

from config import environment
from tools.postgres import Cluster

# By a word of their command line.
KINDS = {
    "config.web": "web",
    "worker": "worker",
    "beat": "beat",
    "watchdog": "watchdog",
    "bench.chaos.sweeper": "sweeper",
}
PROC = Path("/proc")
LOOK_AGAIN = 0.3
# Seconds: about what a process takes to come to its work.
GROWN = 2.5
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Field:
    """Where it happens, what has happened, and what is still to come."""

    folder: Path
    random: randomness.Random
    cluster: Cluster | None
    lull: float
    window: float
    began: float = 0.0
    done: Counter[str] = field(default_factory=Counter)
    # (name of the harm, seconds after the beginning).
    log: list[tuple[str, float]] = field(default_factory=list)
    _agenda: list[tuple[float, int, Callable[["Field"], None]]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    @property
    def is_calm(self) -> bool:
        return not self._agenda

    def at(self, seconds: float, act: Callable[["Field"], None]) -> None:
        heapq.heappush(self._agenda, (seconds, next(self._numbers), act))

    def later(self, seconds: float, act: Callable[["Field"], None]) -> None:
        self.at(self.seconds + seconds, act)

    def do_what_is_due(self) -> None:
        while self._agenda and self._agenda[0][0] <= self.seconds:
            heapq.heappop(self._agenda)[2](self)

    def note(self, name: str) -> None:
        self.done[name] += 1
        self.log.append((name, self.seconds))

    @property
    def broker(self) -> "redis.Redis":
        socket = environment.broker_socket(self.folder)
        return redis.Redis(unix_socket_path=str(socket), socket_timeout=1, socket_connect_timeout=1)


def kill(kind: str, field: Field) -> None:
    """SIGKILL to one of the kind. Where none has lived long enough it is looked for again, until the window ends.

    Whoever were killed as soon as he is born would never come to his work, and nothing would be tried by that.
    """
    grown = sorted(pid for other, pid in find(field.folder) if other == kind and _age(pid) >= GROWN)
    if grown and _signal(field.random.choice(grown), signal.SIGKILL):
        field.note(f"{kind} killed")
    elif field.seconds < field.window:
        field.later(field.random.uniform(1, 4), lambda field: kill(kind, field))


def flush_broker(field: Field) -> None:
    try:
        field.broker.flushall()
    except (redis.RedisError, OSError):
        field.later(LOOK_AGAIN, flush_broker)
    else:
        field.note("broker flushed")


def stop_broker(field: Field) -> None:
    """For as long as the lull lasts: whenever the launcher starts it again, it is killed again."""
    field.note("broker stopped")
    _hold_down(field.seconds + field.lull, field)


def freeze_broker(field: Field) -> None:
    pid = _broker_pid(field)
    if not pid or not _signal(pid, signal.SIGSTOP):
        field.later(LOOK_AGAIN, freeze_broker)
        return
    field.note("broker frozen")
    field.later(field.lull, lambda field: _thaw(pid))


def restart_database(mode: str, field: Field) -> None:
    if field.cluster is None:
        return
    field.cluster.stop(mode)
    field.cluster.start()
    field.note("database crashed and started" if mode == "immediate" else "database shut down and started")


def find(folder: Path) -> list[tuple[str, int]]:
    """(kind, pid) of the desk that works in this folder, and of those that were set beside it."""
    mark = f"ESCALA_VAR={folder}".encode()
    return [
        (kind, int(entry.name))
        for entry in PROC.iterdir()
        if entry.name.isdigit() and mark in _read(entry / "environ").split(b"\x00")
        for kind in [_kind(entry)]
        if kind
    ]


def _hold_down(until: float, field: Field) -> None:
    if pid := _broker_pid(field):
        _signal(pid, signal.SIGKILL)
    if field.seconds < until:
        field.later(LOOK_AGAIN, lambda field: _hold_down(until, field))


def _thaw(pid: int) -> None:
    _signal(pid, signal.SIGCONT)


def _broker_pid(field: Field) -> int:
    """0 where it does not answer."""
    try:
        return int(field.broker.info("server")["process_id"])
    except (redis.RedisError, OSError):
        return 0


def _kind(entry: Path) -> str:
    words = _read(entry / "cmdline").decode(errors="replace").split("\x00")
    kind = next((KINDS[word] for word in words if word in KINDS), "")
    if kind == "worker" and _is_pool_child(entry):
        return "pool child"
    return kind


def _is_pool_child(entry: Path) -> bool:
    """Its parent is a worker too."""
    after_name = _read(entry / "stat").rpartition(b")")[2].split()
    # It may have ended since it was listed.
    return len(after_name) > 1 and b"worker" in _read(PROC / after_name[1].decode() / "cmdline")


def _age(pid: int) -> float:
    """Seconds since it was started; 0 of one that has ended."""
    after_name = _read(PROC / str(pid) / "stat").rpartition(b")")[2].split()
    up = float((PROC / "uptime").read_text().split()[0])
    return up - int(after_name[19]) / TICKS if len(after_name) > 19 else 0.0


def _signal(pid: int, number: signal.Signals) -> bool:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
