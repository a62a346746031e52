"""The peer: django-helpdesk in an environment of its own, behind gunicorn with two workers, on the same PostgreSQL."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from bench.workspace.asking import Visitor, check, rate
from bench.workspace.scenario import COMMON_WORD, RARE_TICKETS, RARE_WORD
from tools.ports import free_port

HERE = Path(__file__).resolve().parent.parent / "peer"
ENVIRONMENT = HERE / ".venv"
SECONDS = 6.0
PAGE = 25


def install() -> None:
    """Once, from the index that this machine's pip knows."""
    if not (ENVIRONMENT / "bin" / "gunicorn").exists():
        subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
        pip = [ENVIRONMENT / "bin" / "pip", "install", "-q", "-r", HERE / "requirements.txt"]
        subprocess.run(pip, check=True, stderr=subprocess.DEVNULL)


@contextmanager
def running(count: int, now: datetime, *, host: str, name: str, user: str, folder: Path) -> Iterator[str]:
    """Seeded and served; yields its address."""
    given = {**os.environ, "PEER_HOST": host, "PEER_NAME": name, "PEER_USER": user, "PEER_MEDIA": str(folder)}
    given.pop("DJANGO_SETTINGS_MODULE", None)
    python = ENVIRONMENT / "bin" / "python"
    subprocess.run([python, "peer_seed.py", str(count), now.isoformat()], cwd=HERE / "site", env=given, check=True)
    url = f"127.0.0.1:{free_port()}"
    command = [ENVIRONMENT / "bin" / "gunicorn", "-w", "2", "-t", "300", "-b", url, "--log-level", "error", "peer_wsgi"]
    server = subprocess.Popen(command, cwd=HERE / "site", env=given)
    try:
        _wait(f"http://{url}/login/")
        yield f"http://{url}"
    finally:
        server.terminate()
        server.wait()


def figures(url: str, count: int) -> dict[str, float]:
    """Seconds, or acts a second; the list is its frame and the 25 rows that the frame then asks for."""
    agent = Visitor(url)
    agent.sign_in("/login/", username="anna", password="climb-the-ladder")  # noqa: S106 - of a desk that lives for a minute
    frame = agent.time("/tickets/")
    rows = re.search(r"datatables_ticket_list/([^'\"/]+)", frame.response.text)
    query = rows[1] if rows else _query()
    program = Visitor(url)
    program.session.auth = ("anna", "climb-the-ladder")
    body = {"queue": 1, "title": "By the API", "description": "x" * 400, "submitter_email": "new@example.com"}
    body |= {"priority": 3, "status": 1}

    def create() -> None:
        program.post("/api/tickets/", body)

    return {
        "inbox": frame.seconds + _shown(agent, "inbox", query, PAGE),
        "ticket": agent.time(f"/tickets/{count // 2}/").seconds,
        "search, rare word": _shown(agent, "search, rare word", _query(RARE_WORD), len(RARE_TICKETS)),
        "search, common word": _shown(agent, "search, common word", _query(COMMON_WORD), PAGE),
        "created by API, alone": rate([create], SECONDS),
        "created by API, eight clients": rate([_creator(url, body) for _ in range(8)], SECONDS),
    }


def _shown(agent: Visitor, what: str, query: str, expected: int) -> float:
    answer = agent.time(f"/datatables_ticket_list/{query}?draw=1&start=0&length={PAGE}")
    check(f"peer: {what}", len(answer.response.json()["data"]), expected)
    return answer.seconds


def _creator(url: str, body: dict[str, object]):  # type: ignore[no-untyped-def] # a bench is not typed
    program = Visitor(url)
    program.session.auth = ("anna", "climb-the-ladder")
    return lambda: program.post("/api/tickets/", body)


def _query(words: str = "") -> str:
    wanted = {"filtering": {"status__in": [1, 2, 3, 4]}, "sorting": "created", "sortreverse": True}
    return b64encode(json.dumps({**wanted, "search_string": words}).encode()).decode()


def _wait(url: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - of this machine
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("bench: the peer does not answer")
