"""`make bench-portal`: the customer's pages beside the agent's, on the demo's desk with all its processes.

Prints one line of JSON per page: its median milliseconds, its compressed size, and its share of the agent's ticket
page. Ends with 1 where a page is larger than 60 KB or takes more than half of the agent's time (issue 8).
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from requests import Response

from bench.workspace import ours
from bench.workspace.asking import Answer, Visitor, say

MOST_KB, MOST_SHARE = 60, 0.5
AGENT, CUSTOMER = "anna@meridiano.example", "cora.menezes@livraria-aurora.example"
ROUNDS, WARM_UP = 40, 3


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="escala-bench-") as name:
        folder = Path(name)
        os.environ |= {"ESCALA_VAR": name, "DATABASE_URL": "", "DEMO": "1"}
        for command in ("upgrade", "load_demo"):
            subprocess.run([sys.executable, "manage.py", command], cwd=ours.ROOT, check=True, stdout=subprocess.DEVNULL)
        number, slug = _opened()
        told = json.loads((folder / "demo.json").read_text())
        with ours.running("", folder, is_demo=True) as url:
            return _measure(url, told["password"], number, slug)


def _opened() -> tuple[int, str]:
    """The customer's newest request and a service that is public from now on."""
    code = (
        "from tickets.models import Service, Ticket\n"
        f"print(Ticket.objects.filter(requester__email='{CUSTOMER}').latest('pk').pk)\n"
        "Service.objects.update(is_public=True)\n"
        "print(Service.objects.earliest('pk').slug)"
    )
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=ours.ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    number, slug = done.stdout.split()[-2:]
    return int(number), slug


def _measure(url: str, password: str, number: int, slug: str) -> int:
    agent, customer, stranger = Visitor(url), Visitor(url), Visitor(url)
    for who, email in ((agent, AGENT), (customer, CUSTOMER)):
        who.sign_in("/accounts/login/", login=email, password=password)
    pages = {
        "agent's ticket": (agent, f"/tickets/{number}/"),
        "agent's inbox": (agent, "/inbox/"),
        "requests": (customer, "/help/"),
        "one request": (customer, f"/help/{number}/"),
        "new request": (customer, "/help/new/"),
        "articles": (customer, "/help/articles/"),
        "status": (customer, "/help/status/"),
        "status of a service": (customer, f"/help/status/{slug}/"),
        "public status": (stranger, "/help/status/"),
        "public status of a service": (stranger, f"/help/status/{slug}/"),
    }
    answers = _by_turns(pages)
    beside, wrong = answers["agent's ticket"].seconds, 0
    for what, answer in answers.items():
        share = answer.seconds / beside
        wrong += not what.startswith("agent's") and (share > MOST_SHARE or _kb(answer) > MOST_KB)
        say(figure=what, ms=answer.seconds * 1000, kb=_kb(answer), share_of_agents_page=share)
    return 1 if wrong else 0


def _by_turns(pages: dict[str, tuple[Visitor, str]]) -> dict[str, Answer]:
    """One after the other, round by round, so that what else the machine does meets all alike."""
    took: dict[str, list[float]] = {what: [] for what in pages}
    last: dict[str, Response] = {}
    for round_ in range(WARM_UP + ROUNDS):
        for what, (who, path) in pages.items():
            began = time.perf_counter()
            last[what] = who.get(path)
            if round_ >= WARM_UP:
                took[what].append(time.perf_counter() - began)
    return {what: Answer(median(times), last[what]) for what, times in took.items()}


def _kb(answer: Answer) -> float:
    """Compressed, as it came."""
    return int(answer.response.headers.get("Content-Length", len(answer.response.content))) / 1024


if __name__ == "__main__":
    sys.exit(main())
