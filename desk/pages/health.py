"""The two probes: `/livez` says that the process answers, `/readyz` that the desk does its work.

Neither asks Redis anything: it is only a doorbell, and a frozen one must not make the desk look ill.
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from common import clock, heartbeat
from desk.looks.settings.health import lag, read_vitals

logger = logging.getLogger(__name__)
_Found = TypeVar("_Found")

ANSWER_WITHIN = 0.8
ENGINE_SILENT_AFTER = timedelta(seconds=60)
YOUNG_FOR = 60.0

_started = time.monotonic()
# Threads of its own: a probe never queues behind pages, and a database that hangs holds up two threads at most.
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="readyz")


class _Known:
    """What, once true, stays true for the life of the process."""

    migrated = False
    # The problems that the log was told last.
    told: frozenset[str] = frozenset()


async def livez(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "alive"})


async def readyz(request: HttpRequest) -> JsonResponse:
    """200, or 503 with every reason by name; always within a second."""
    ends = time.monotonic() + ANSWER_WITHIN
    problems = await _asked(find_problems, ends)
    if problems is None:
        problems = {"database": "no answer in time"}
    _tell(problems)
    if problems:
        return JsonResponse({"status": "not ready", "problems": problems}, status=503)
    return JsonResponse({"status": "ready", "details": await _asked(find_details, ends) or {}})


async def _asked(find: Callable[[], _Found], ends: float) -> _Found | None:
    """What it finds, or None where it takes longer than to that moment."""
    try:
        async with asyncio.timeout(max(ends - time.monotonic(), 0)):
            return await asyncio.get_running_loop().run_in_executor(_threads, find)
    except TimeoutError:
        return None


def _tell(problems: dict[str, str]) -> None:
    """To the log once, when something has come or gone; that a young desk prepares itself is no news.

    Django would call each of the launcher's questions an error: `config.logs.NoProbes` keeps that out.
    """
    found = frozenset(problems.keys() - (PREPARING if _is_young() else ()))
    if found and found != _Known.told:
        logger.warning("Not ready: %s.", "; ".join(f"{name}: {problems[name]}" for name in sorted(found)))
    _Known.told = found


def find_problems() -> dict[str, str]:
    """Everything that keeps the desk from its work, by name; empty when all is well."""
    try:
        return {name: problem for name, check in CHECKS.items() if (problem := check())}
    except DatabaseError as error:
        return {"database": type(error).__name__}
    finally:
        connections.close_all()


def find_details() -> dict[str, float | None]:
    """In figures how it is doing; none of them makes the desk unready. None where there is nothing to measure."""
    try:
        now = clock.now()
        vitals = read_vitals(now, brief=True)
    except DatabaseError as error:
        logger.warning("How the desk is doing could not be read: %s", error)
        return {}
    finally:
        connections.close_all()
    looked = [one.fetched_at for one in vitals.mailboxes]
    return {
        "sweep_age_seconds": _age(vitals.swept_at, now),
        "due_lag_seconds": lag(vitals, now).total_seconds(),
        "outbox_oldest_seconds": _age(vitals.oldest_unsent, now),
        "mail_fetch_age_seconds": max((_age(at, now) or 0.0 for at in looked if at), default=None),
        "ladder_holes": float(sum(vitals.holes.values())),
        # As the desk found them when it last looked around (`desk.vigil`).
        "queue_tasks": vitals.queue,
        "people_unreached": vitals.unreached,
        "outside_call_age_seconds": _age(vitals.outside.called_at, now) if vitals.outside else None,
    }


def _age(at: datetime | None, now: datetime) -> float | None:
    return round(max(0.0, (now - at).total_seconds()), 1) if at else None


def _is_young() -> bool:
    return time.monotonic() - _started < YOUNG_FOR


def _migrations() -> str:
    """Also proves that the database answers."""
    if _Known.migrated:
        connection.ensure_connection()
        return ""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    _Known.migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "" if _Known.migrated else "migrations are waiting to be applied"


def _engine() -> str:
    """The last completed sweep, whoever did it (DESIGN §3.7)."""
    if not _Known.migrated:
        return ""
    swept_at = heartbeat.last("sweep")
    if _is_young() or (swept_at is not None and clock.now() - swept_at < ENGINE_SILENT_AFTER):
        return ""
    return f"the last sweep was at {swept_at.isoformat()}" if swept_at else "no sweep has ever completed"


def _preparation() -> str:
    """Under `up`, wait until this very start has finished its demo data and `var/demo.json`."""
    if settings.RUN_TOKEN and _text("prepared") != settings.RUN_TOKEN:
        return "the launcher is still preparing"
    if settings.DEMO and not _is_json(_text("demo.json")):
        return "demo data is not loaded"
    return ""


def _text(name: str) -> str:
    try:
        return (settings.VAR_DIR / name).read_text(encoding="utf-8")
    except OSError:
        return ""


def _is_json(text: str) -> bool:
    try:
        return bool(json.loads(text))
    except ValueError:
        return False


# What is on its way to be well.
PREPARING = frozenset({"migrations", "preparation"})
CHECKS: dict[str, Callable[[], str]] = {
    "migrations": _migrations,
    "engine": _engine,
    "preparation": _preparation,
}
