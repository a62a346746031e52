"""A PostgreSQL of one's own for the length of a `with` block: made in /tmp, on a socket, gone afterwards."""

import getpass
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
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
    """Yields a DATABASE_URL of a quick server; `settings` are for whoever does not want it as fast as that."""
    with cluster(binaries, {**FAST, **settings}) as own:
        yield own.url


@contextmanager
def cluster(binaries: Path, options: Mapping[str, str]) -> Iterator["Cluster"]:
    """A running server that can be stopped and started. PostgreSQL refuses root, so root lends it the folder."""
    folder = Path(tempfile.mkdtemp(prefix="escala-pg-", dir="/tmp"))
    user = _server_user()
    if user != getpass.getuser():
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)
    own = Cluster(binaries, folder, user, options)
    try:
        own.make()
        own.start()
        yield own
    finally:
        own.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


class Cluster:
    """One server in a folder of its own. Only the thread that made it may start it: it lives as long as that thread."""

    def __init__(self, binaries: Path, folder: Path, user: str, options: Mapping[str, str]) -> None:
        self.url = f"postgresql://escala@{str(folder).replace('/', '%2F')}/postgres"
        self._binaries, self._folder, self._user = binaries, folder, user
        self._options = options
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def make(self) -> None:
        words = ["-D", self._data, "-U", "escala", "-A", "trust", "-E", "UTF8", "--no-sync"]
        _run([self._binaries / "initdb", *words], self._user, self._folder)

    def start(self) -> None:
        options = [word for item in self._options.items() for word in ("-c", "=".join(item))]
        where = ["-D", self._data, "-k", self._folder, "-c", "listen_addresses="]
        command = map(str, [self._binaries / "postgres", *where, *options])
        tether = [sys.executable, "-I", "-S", str(TETHER), str(os.getpid())]
        with (self._folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                _as(self._user, [*tether, *command]), cwd=self._folder, stdout=log, stderr=subprocess.STDOUT
            )
        _wait_until_ready(self._binaries, self._folder)

    def stop(self, mode: str) -> None:
        """`fast` ends every session in order, `immediate` is a crash."""
        if self._server is None:
            return
        stop = [self._binaries / "pg_ctl", "-D", self._data, "-m", mode, "-s", "stop"]
        _run(stop, self._user, self._folder)
        self._server.wait()
        self._server = None


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
