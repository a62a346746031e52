"""What has to be true before the desk opens: one launcher, migrated tables, static files, demo data."""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import get_finders
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from config.addresses import SettingError
from config.environment import BASE_DIR

STAMP = "collected-from"


def take_lock(var_dir: Path) -> int:
    """One launcher per folder. The lock is the kernel's, so that it goes with the process, however it ends."""
    descriptor = os.open(var_dir / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise SettingError(f"The desk in {var_dir} is running already; stop it, or set ESCALA_VAR.") from None
    return descriptor


def migrations_are_waiting() -> bool:
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def start_collecting(static_root: Path) -> "subprocess.Popen[bytes] | None":
    """Collect the static files in a process of its own, beside the migrations; None when they are as they were."""
    if _stamp(static_root) == static_fingerprint():
        return None
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--clear", "--verbosity=0"]
    return subprocess.Popen(command, cwd=BASE_DIR, stdin=subprocess.DEVNULL)  # noqa: S603 - our own command


def finish_collecting(process: "subprocess.Popen[bytes] | None", static_root: Path) -> None:
    if process is None:
        return
    if process.wait() != 0:
        raise SettingError(f"The static files could not be collected into {static_root}; the reason is above.")
    (static_root / STAMP).write_text(static_fingerprint(), encoding="ascii")


def static_fingerprint() -> str:
    """Changes when any source file of /static/ changes; reads sizes and times, not contents."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(None):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def read_demo(var_dir: Path) -> Mapping[str, Any]:
    """What `load_demo` has written: the address, the password, one sign-in per role."""
    demo: dict[str, Any] = json.loads((var_dir / "demo.json").read_text(encoding="utf-8"))
    return demo


def mark_prepared(var_dir: Path, token: str) -> None:
    """From here on `/readyz` of this very start may say 200."""
    unfinished = var_dir / "prepared.new"
    unfinished.write_text(token, encoding="ascii")
    unfinished.replace(var_dir / "prepared")


def _stamp(static_root: Path) -> str:
    try:
        return (static_root / STAMP).read_text(encoding="ascii")
    except OSError:
        return ""
