"""`make bench-workspace`: the agent's workspace at several sizes, and beside the peer in the same run.

    SIZES=10000,100000,1000000   how many tickets (FAST=1: 2,000 and 5,000)
    PEER_AT=100000               at which size the peer is measured too; 0 leaves it out

Prints one line of JSON per figure. It makes and removes a PostgreSQL of its own.
"""

import os
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote

from bench.workspace import ours, peer
from bench.workspace.asking import say
from tools.postgres import find_binaries, throwaway_cluster

IS_FAST = os.environ.get("FAST", "") not in {"", "0"}
SIZES = os.environ.get("SIZES", "2000,5000" if IS_FAST else "10000,100000,1000000")
PEER_AT = int(os.environ.get("PEER_AT", "5000" if IS_FAST else "100000"))
RATES = ("created by API, alone", "created by API, eight clients")


def main() -> int:
    binaries = find_binaries()
    if binaries is None:
        raise SystemExit("bench: PostgreSQL is not installed: apt install postgresql")
    with throwaway_cluster(binaries) as url, tempfile.TemporaryDirectory(prefix="escala-bench-") as folder:
        base, _, _ = url.rpartition("/")
        os.environ |= {"ESCALA_VAR": folder, "DEMO": "0", "DJANGO_SETTINGS_MODULE": "config.settings"}
        os.environ["DATABASE_URL"] = url
        first: dict[str, float] = {}
        for size in map(int, SIZES.split(",")):
            found = _at(size, base, Path(folder), first)
            first = first or found
    return 0


def _at(size: int, base: str, folder: Path, first: dict[str, float]) -> dict[str, float]:
    from bench.workspace.session import prepare  # noqa: PLC0415 - Django reads the environment at its import

    name = f"ours_{size}"
    desk = prepare(size, name)
    mine: dict[str, float] = {}
    with ours.running(f"{base}/{name}", folder) as url:
        for what, answer in {**ours.pages(url, size, *desk.sign_in), **ours.reads(url, size, desk.secrets[0])}.items():
            mine[what] = answer.seconds
            shown = int(answer.response.headers.get("Content-Length", len(answer.response.content)))
            growth = {"times_first_size": answer.seconds / first[what]} if first else {}
            say(figure=what, tickets=size, ms=answer.seconds * 1000, kb=shown / 1024, **growth)
        for what, per_second in ours.created(url, desk.secrets).items():
            mine[what] = per_second
            say(figure=what, tickets=size, per_second=per_second)
    if size == PEER_AT:
        _compare(mine, size, base, folder, desk.now)
    desk.drop()
    return mine


def _compare(mine, size, base, folder, now) -> None:  # type: ignore[no-untyped-def] # a bench is not typed
    from bench.workspace.session import database  # noqa: PLC0415 - as above

    peer.install()
    user, _, host = base.removeprefix("postgresql://").partition("@")
    with database("peer"), peer.running(size, now, host=unquote(host), name="peer", user=user, folder=folder) as url:
        for what, theirs in peer.figures(url, size).items():
            unit = {"per_second": theirs} if what in RATES else {"ms": theirs * 1000}
            ratio = mine[what] / theirs if what in RATES else theirs / mine[what]
            say(figure=f"peer: {what}", tickets=size, **unit, ours_is_better_by=ratio)


if __name__ == "__main__":
    sys.exit(main())
