"""Our own desk, whole, under its launcher, on PostgreSQL: pages, search, API."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.workspace.asking import Answer, Visitor, check, rate
from bench.workspace.scenario import COMMON_WORD, RARE_TICKETS, RARE_WORD
from tools.ports import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS = 6.0
SETTLING = 20.0
PAGE = 50


@contextmanager
def running(database_url: str, folder: Path, *, is_demo: bool = False) -> Iterator[str]:
    """The desk as `make run DEMO=0` would start it; yields its address."""
    port, demo = str(free_port()), "1" if is_demo else "0"
    given = {**os.environ, "DATABASE_URL": database_url, "ESCALA_VAR": str(folder), "PORT": port, "DEMO": demo}
    given.pop("DJANGO_SETTINGS_MODULE", None)
    with (folder / "up.log").open("w") as log:
        desk = subprocess.Popen([sys.executable, "manage.py", "up"], cwd=ROOT, env=given, stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}/readyz", folder)
            # Pages are served before worker, beat and watchdog have read their code: that is over first.
            time.sleep(SETTLING)
            yield f"http://127.0.0.1:{port}"
        except OSError:
            print((folder / "up.log").read_text()[-3000:], file=sys.stderr)
            raise
        finally:
            desk.terminate()
            desk.wait()


def pages(url: str, count: int, email: str, password: str) -> dict[str, Answer]:
    """What an agent looks at all day."""
    agent = Visitor(url)
    agent.sign_in("/accounts/login/", login=email, password=password)
    found = {
        "inbox": agent.time("/inbox/"),
        "ticket": agent.time(f"/tickets/{count // 2}/"),
        "search, rare word": agent.time(f"/inbox/?q={RARE_WORD}"),
        "search, common word": agent.time(f"/inbox/?q={COMMON_WORD}"),
        "search, terms": agent.time("/inbox/?q=is:open priority:>=high due:<2h -tag:duplicate"),
    }
    for what, rows in {"inbox": PAGE, "search, rare word": len(RARE_TICKETS), "search, common word": PAGE}.items():
        check(what, found[what].response.text.count('<li class="tk'), rows)
    return found


def reads(url: str, count: int, secret: str) -> dict[str, Answer]:
    program = Visitor(url, Authorization=f"Bearer {secret}")
    return {
        "API, one ticket": program.time(f"/api/v1/tickets/{count // 2}/"),
        "API, list": program.time("/api/v1/tickets/"),
        "API, list of a search": program.time(f"/api/v1/tickets/?q={COMMON_WORD}"),
    }


def created(url: str, secrets: list[str]) -> dict[str, float]:
    """Tickets a second, each routed, with its clocks started and its timeline begun."""
    return {
        "created by API, alone": rate([_creator(url, secrets[0], "alone")], SECONDS),
        "created by API, eight clients": rate([_creator(url, secret, "many") for secret in secrets[:8]], SECONDS),
    }


def _creator(url: str, secret: str, name: str) -> Callable[[], object]:
    program = Visitor(url, Authorization=f"Bearer {secret}")
    requester = {"email": f"{name}@example.com", "name": "New Customer"}
    return lambda: program.post(
        "/api/v1/tickets/", {"subject": "By the API", "body": "x" * 400, "requester": requester}
    )


def _wait(url: str, folder: Path) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - of this machine
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("bench: the desk did not become ready:\n" + (folder / "up.log").read_text()[-3000:])
