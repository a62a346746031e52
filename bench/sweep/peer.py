"""The peer's way of the same: django-helpdesk's `escalate_tickets`, as its documentation has cron run it."""

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.workspace.peer import ENVIRONMENT, HERE, install


def figures(
    count: int, due: Sequence[int], *, host: str, name: str, user: str, folder: Path
) -> Iterator[dict[str, Any]]:
    """With so many open tickets besides: a round with none due, and one with each of these numbers due."""
    install()
    given = {**os.environ, "PEER_HOST": host, "PEER_NAME": name, "PEER_USER": user, "PEER_MEDIA": str(folder)}
    given.pop("DJANGO_SETTINGS_MODULE", None)
    command = [ENVIRONMENT / "bin" / "python", "peer_escalate.py", str(count), *map(str, due)]
    with subprocess.Popen(command, cwd=HERE / "site", env=given, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        for line in running.stdout:
            yield json.loads(line)
    if running.returncode:
        raise SystemExit("bench: the peer failed")
