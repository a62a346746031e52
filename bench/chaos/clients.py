"""People who act in the very second in which a promise falls due: `python -m bench.chaos.clients`.

A process of its own, through the services that pages and API call. It reads `clients.json` and writes what it did
into `acts.jsonl`, both under ESCALA_VAR: the oracle's only source on who acted when.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections

django.setup()

from common import clock  # noqa: E402 - models can be imported from here on
from common.errors import DomainError  # noqa: E402 - the same
from people.models import User  # noqa: E402 - the same
from tickets import services  # noqa: E402 - the same

PLANNED, DONE = "clients.json", "acts.jsonl"
# A person who meets an error tries again for so many seconds.
PATIENCE = 30.0
AGAIN = 0.2


@dataclass(frozen=True)
class Act:
    """What was done to a ticket: begun by the clock of the desk, and finished (the answer had come)."""

    number: int
    verb: str
    team: str
    began_at: str
    ended_at: str
    error: str = ""


def main() -> int:
    anna = User.objects.get(email="anna@example.com")
    planned = json.loads((settings.VAR_DIR / PLANNED).read_text())
    with (settings.VAR_DIR / DONE).open("a") as done:
        for each in planned:
            _wait_until(datetime.fromisoformat(each["at"]))
            act = _do(anna, each["number"], each["verb"], each["team"])
            done.write(json.dumps(asdict(act)) + "\n")
            done.flush()
    return 0


def read(folder: Path) -> list[Act]:
    """What has been done."""
    file = folder / DONE
    return [Act(**json.loads(line)) for line in file.read_text().splitlines()] if file.exists() else []


def write(folder: Path, planned: list[dict[str, Any]]) -> None:
    (folder / PLANNED).write_text(json.dumps(planned))


def _do(user: User, number: int, verb: str, team: str) -> Act:
    began, error = clock.now(), ""
    gives_up = time.monotonic() + PATIENCE
    while time.monotonic() < gives_up:
        try:
            clock.synchronise()
            VERBS[verb](user, number, team)
            error = ""
            break
        except DomainError as refusal:
            # Nothing here is refused, unless an earlier try has taken effect whose answer was lost.
            error = f"{type(refusal).__name__}: {refusal}"
            break
        except (DatabaseError, InterfaceError) as failure:
            error = f"{type(failure).__name__}: {failure}"
            connections.close_all()
            time.sleep(AGAIN)
    return Act(number, verb, team, began.isoformat(), clock.now().isoformat(), error)


def _reply(user: User, number: int, team: str) -> None:
    services.reply(user=user, number=number, body="We are on it.", now=clock.now())


def _pause(user: User, number: int, team: str) -> None:
    services.change_status(user=user, number=number, verb="wait", now=clock.now(), reason="asked for the account")


def _reassign(user: User, number: int, team: str) -> None:
    services.assign(user=user, number=number, now=clock.now(), team_slug=team)


VERBS: dict[str, Callable[[User, int, str], None]] = {"reply": _reply, "pause": _pause, "reassign": _reassign}


def _wait_until(at: datetime) -> None:
    time.sleep(max(0.0, (at - clock.now()).total_seconds()))


if __name__ == "__main__":
    sys.exit(main())
