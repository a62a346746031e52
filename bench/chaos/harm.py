"""Whom to kill: the desk's own processes, found by the folder that they work in."""

import os
import random as randomness
import signal
from pathlib import Path

from config import environment

# By a word of their command line.
KINDS = {"config.web": "web", "worker": "worker", "beat": "beat", "watchdog": "watchdog"}
PROC = Path("/proc")


def kill_one(folder: Path, random: randomness.Random) -> str:
    """SIGKILL to a process at random (a pool child is a kind of its own); its kind, or "" if none lives."""
    living = find(folder)
    if not living:
        return ""
    kind = random.choice(sorted({kind for kind, _ in living}))
    pid = random.choice(sorted(pid for other, pid in living if other == kind))
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return ""
    return kind


def find(folder: Path) -> list[tuple[str, int]]:
    """(kind, pid) of the children of the launcher that works in this folder."""
    mark = f"ESCALA_VAR={folder}".encode()
    return [
        (kind, int(entry.name))
        for entry in PROC.iterdir()
        if entry.name.isdigit() and mark in _read(entry / "environ").split(b"\x00")
        for kind in [_kind(entry)]
        if kind
    ]


def broker_socket(folder: Path) -> Path:
    return Path(environment.broker_socket(folder))


def _kind(entry: Path) -> str:
    words = _read(entry / "cmdline").decode(errors="replace").split("\x00")
    kind = next((KINDS[word] for word in words if word in KINDS), "")
    if kind == "worker" and _is_pool_child(entry):
        return "pool child"
    return kind


def _is_pool_child(entry: Path) -> bool:
    """Its parent is a worker too."""
    parent = _read(entry / "stat").rpartition(b")")[2].split()[1].decode()
    return b"worker" in _read(PROC / parent / "cmdline")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
