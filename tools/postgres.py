"""A PostgreSQL of one's own for the length of a `with` block: made in /tmp, on a socket, gone afterwards."""

import getpass
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TETHER = Path(__file__).resolve().parent.parent / "config" / "launcher" / "tether.py"
READY_WITHIN = 30.0
# Tests may lose their data in a power cut; in return each commit is ten times as fast.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}


def find_binaries() -> Path | None:
    """The newest installed server's folder, wherever Debian or PATH has it."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((path.parent for path in versions), key=lambda path: int(path.parent.name), default=None)


@contextmanager
def throwaway_cluster(binaries: Path, **settings: str) -> Iterator[str]:
    """Yields a DATABASE_URL. PostgreSQL refuses root, so root lends the folder to another user.

    `settings` are the server's, for whoever does not want it as fast as that.
    """
    folder = Path(tempfile.mkdtemp(prefix="escala-pg-", dir="/tmp"))
    user = _server_user()
    if user != getpass.getuser():
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)
    data = folder / "data"
    server: subprocess.Popen[bytes] | None = None
    try:
        _run([binaries / "initdb", "-D", data, "-U", "escala", "-A", "trust", "-E", "UTF8", "--no-sync"], user, folder)
        options = [word for item in {**FAST, **settings}.items() for word in ("-c", "=".join(item))]
        command = [binaries / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", *options]
        tether = [sys.executable, "-I", "-S", str(TETHER), str(os.getpid())]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                _as(user, [*tether, *map(str, command)]), cwd=folder, stdout=log, stderr=subprocess.STDOUT
            )
        _wait_until_ready(binaries, folder)
        yield f"postgresql://escala@{str(folder).replace('/', '%2F')}/postgres"
    finally:
        if server is not None:
            _stop(binaries, data, user, folder, server)
        shutil.rmtree(folder, ignore_errors=True)


def _server_user() -> str:
    if os.geteuid() != 0:
        return getpass.getuser()
    known = {account.pw_name for account in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _as(user: str, command: list[str]) -> list[str]:
    """`setpriv` execs, where `su` would stay in between and swallow signals."""
    if user == getpass.getuser():
        return command
    account = pwd.getpwnam(user)
    return ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups", *command]


def _run(command: list[Path | str], user: str, folder: Path) -> None:
    done = subprocess.run(_as(user, [str(word) for word in command]), cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"escala: {Path(str(command[0])).name} failed: {done.stderr.strip()}")


def _wait_until_ready(binaries: Path, folder: Path) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        if subprocess.run([str(binaries / "pg_isready"), "-q", "-h", str(folder)]).returncode == 0:
            return
        time.sleep(0.1)
    raise SystemExit(f"escala: PostgreSQL did not start: {(folder / 'log').read_text(errors='replace')[-500:]}")


def _stop(binaries: Path, data: Path, user: str, folder: Path, server: "subprocess.Popen[bytes]") -> None:
    _run([binaries / "pg_ctl", "-D", data, "-m", "immediate", "-s", "stop"], user, folder)
    server.wait()
