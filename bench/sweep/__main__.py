"""`make bench-sweep`: what the sweep costs when nothing is due, and how much it does when much is due at once.

    SIZES=10000,1000000   how many clocks run besides (FAST=1: 5,000)
    DUE=10000             how many fall due at once (FAST=1: 1,000)
    MINUTE=60             for how many seconds one a second falls due (FAST=1: 10)
    PEER_AT=100000        how many open tickets the peer has besides; 0 leaves it out (FAST=1: 2,000)
    DURABLE=1             a server that waits for its disk at each commit, as PostgreSQL comes: one batch of ours is
                          one commit, each query of the peer's is one

Prints one line of JSON per figure. It makes and removes a PostgreSQL of its own.
"""

import os
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote

from bench.sweep import peer
from bench.workspace.asking import say
from tools.postgres import find_binaries, throwaway_cluster

IS_FAST = os.environ.get("FAST", "") not in {"", "0"}
SIZES = os.environ.get("SIZES", "5000" if IS_FAST else "10000,1000000")
DUE = int(os.environ.get("DUE", "1000" if IS_FAST else "10000"))
MINUTE = int(os.environ.get("MINUTE", "10" if IS_FAST else "60"))
PEER_AT = int(os.environ.get("PEER_AT", "2000" if IS_FAST else "100000"))
PEER_DUE = (1000,) if IS_FAST else (1000, 10_000)
IS_DURABLE = os.environ.get("DURABLE", "") not in {"", "0"}
# When each row was committed is what the latency is measured by.
SERVER = {"track_commit_timestamp": "on"}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


def main() -> int:
    binaries = find_binaries()
    if binaries is None:
        raise SystemExit("bench: PostgreSQL is not installed: apt install postgresql")
    with (
        throwaway_cluster(binaries, **SERVER, **(DURABLE if IS_DURABLE else {})) as url,
        tempfile.TemporaryDirectory(prefix="escala-bench-") as folder,
    ):
        base, _, _ = url.rpartition("/")
        os.environ |= {"ESCALA_VAR": folder, "DEMO": "0", "DJANGO_SETTINGS_MODULE": "config.settings"}
        os.environ["DATABASE_URL"] = url
        for size in map(int, SIZES.split(",")):
            _at(size, base, Path(folder))
        if PEER_AT:
            _peer(base, Path(folder))
    return 0


def _at(size: int, base: str, folder: Path) -> None:
    # The first of them sets Django up, from the environment.
    from bench.workspace.session import database  # noqa: PLC0415, I001 - as above
    from bench.sweep import detecting, rushing, seeding, trickling  # noqa: PLC0415 - as above

    name = f"sweep_{size}"
    with database(name):
        desk = seeding.prepare(size)
        say(figure="seeded", clocks=size, seconds=desk.seconds)
        say(figure="one sweep, none due", clocks=size, **detecting.idle())
        for sweepers in (1, 2):
            desk.fall_due(DUE)
            say(figure="due at once", clocks=size, due=DUE, **rushing.rush(f"{base}/{name}", sweepers, DUE))
        say(figure="one sweep, none due, afterwards", clocks=size, **detecting.idle())
        say(figure="one a second", clocks=size, **trickling.latencies(f"{base}/{name}", folder, desk, MINUTE))


def _peer(base: str, folder: Path) -> None:
    from bench.workspace.session import database  # noqa: PLC0415 - as above

    user, _, host = base.removeprefix("postgresql://").partition("@")
    with database("peer"):
        for figure in peer.figures(PEER_AT, PEER_DUE, host=unquote(host), name="peer", user=user, folder=folder):
            say(**figure)


if __name__ == "__main__":
    sys.exit(main())
