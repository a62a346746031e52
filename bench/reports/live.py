"""The live board of a desk with a year behind it, asked for as a page. Import it once the environment is prepared."""

import os
import time
from collections.abc import Callable
from datetime import datetime
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.board.measuring import fill
from bench.reports.seeding import People

ESCALATIONS = int(os.environ.get("ESCALATIONS", "20" if os.environ.get("FAST") else "2000"))
ROUNDS = 15


def live_board(people: People, now: datetime, processor: Callable[[], float]) -> dict[str, Any]:
    """With open escalations and what they have promised, and ten times as many that are over."""
    fill(ESCALATIONS, now, [people.manager, people.agent, *people.customers])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    browser, path = Client(headers={"host": "localhost"}), reverse("desk:live_board")
    browser.force_login(people.manager, backend="people.backends.PasswordBackend")
    browser.get(path)
    with CaptureQueriesContext(connection) as questions:
        answer = browser.get(path)
    asked = [float(question["time"]) for question in questions]
    if answer.status_code != 200:
        raise SystemExit(f"bench: {path} answered {answer.status_code}")
    took, worked = [], processor()
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        browser.get(path)
        took.append(time.perf_counter() - begun)
    worked = (processor() - worked) / ROUNDS
    return {
        "figure": "live board",
        "for": people.manager.get_role_display(),
        "s": median(took),
        "processor_s": worked,
        "in_database_s": sum(asked),
        "queries": len(asked),
        "open_escalations": ESCALATIONS,
        "bytes": len(answer.content),
    }
