"""`make test`, `make lint`, `make chaos`: everything that must be green, and a clear word on what was left out."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Container, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from postgres import find_binaries, throwaway_cluster
from steps import ROOT, Result, python, run, say, tool

Step = Callable[[], list[Result]]
# One after another.
Lane = tuple[Step, ...]
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# What `check --deploy` is to judge: the settings of a desk on a public address.
PRODUCTION = {"BASE_URL": "https://desk.example.com", "SECRET_KEY": "checked-" * 8 + "0123456789abcdef", "DEMO": "0"}


def lint() -> list[Result]:
    """The slow type checker on one processor, all others one after another on the second."""
    with tempfile.TemporaryDirectory() as folder:
        surroundings = {**PRODUCTION, "ESCALA_VAR": folder}
        checks = {
            "ruff": tool("ruff", "check", "."),
            "ruff format": tool("ruff", "format", "--check", "."),
            "imports": tool("lint-imports"),
            "templates": tool("djlint", "templates", "--lint", "--quiet"),
            "translations": python("tools/messages.py", "--check"),
            "migrations": python("manage.py", "makemigrations", "--check", "--dry-run"),
            "deploy": python("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        }
        with ThreadPoolExecutor(2) as threads:
            types = threads.submit(_checked, "mypy --strict", tool("mypy", "."), surroundings)
            others = threads.submit(lambda: [_checked(name, command, surroundings) for name, command in checks.items()])
            return [types.result(), *others.result()]


def _checked(name: str, command: list[str], surroundings: dict[str, str]) -> Result:
    return run(name, ["nice", *command], environment=surroundings, quiet=True)


def tests_on_sqlite() -> list[Result]:
    return [run("tests, SQLite", _pytest("not browser and not chaos"), environment={"DATABASE_URL": ""})]


def tests_on_postgresql() -> list[Result]:
    with _postgresql() as url:
        marks = "not browser and not chaos and not once"
        return [run("tests, PostgreSQL", _pytest(marks), environment={"DATABASE_URL": url}, beside=True)]


def tests_in_browser() -> list[Result]:
    surroundings = {"DATABASE_URL": "", "CHROMIUM": _chromium() or ""}
    return [run("tests, browser", _pytest("browser", "tests/browser"), environment=surroundings, beside=True)]


def chaos() -> list[Result]:
    """It makes its own database, which it may then restart."""
    return [run("chaos", python("-m", "bench.chaos"), environment={"DATABASE_URL": ""})]


def short_chaos() -> list[Result]:
    surroundings = {"DATABASE_URL": "", "FAST": "1"}
    return [run("chaos", python("-m", "bench.chaos"), environment=surroundings, beside=True)]


def oracle() -> list[Result]:
    """Against minutes counted one by one: 100,000 questions of each kind, and 100,000 ledgers with pauses."""
    cases = os.environ.get("ORACLE_CASES", "100000")
    files = [
        "tests/calendars/test_worktime_oracle.py",
        "tests/sla/test_ledger_oracle.py",
        "tests/sla/test_statement.py",
    ]
    command = tool("pytest", *files, "-m", "once", "--durations=0", "-n", os.environ.get("ORACLE_PROCESSES", "2"))
    return [run("oracle", command, environment={"DATABASE_URL": "", "ORACLE_CASES": cases})]


def house() -> list[Result]:
    return [run("house rules", tool("pytest", "tests/house", "-p", "no:randomly"), environment={"DATABASE_URL": ""})]


# Rounds, each done before the next begins. Within one, lanes beside each other: what waits much, and what is in no
# hurry. Tests on a server wait for it, a browser for the desk, and the checks, which are nice, keep none of them. All
# lanes at once took a fifth longer on two cores.
STEPS: dict[str, tuple[tuple[Lane, ...], ...]] = {
    "all": (
        ((tests_on_sqlite,),),
        ((tests_on_postgresql,), (short_chaos,)),
        ((tests_in_browser,), (lint,)),
    ),
    "lint": (((lint, house),),),
    "chaos": (((chaos,),),),
    "oracle": (((oracle,),),),
}


def omissions() -> dict[Step, str]:
    """What this machine cannot do, and how to get it."""
    missing = {
        tests_on_postgresql: None
        if os.environ.get("DATABASE_URL") or find_binaries()
        else "the tests on PostgreSQL: apt install postgresql, or set DATABASE_URL",
        tests_in_browser: None if _chromium() else "the tests in a browser: apt install chromium, or set CHROMIUM",
    }
    return {step: reason for step, reason in missing.items() if reason}


def gaps() -> dict[Step, str]:
    """What is left out of a step that is done, and how to get it."""
    has_dovecot = bool(shutil.which("dovecot")) or Path("/usr/sbin/dovecot").exists()
    without = "tests of mailboxes on a real server: apt-get install --no-install-recommends dovecot-imapd dovecot-lmtpd"
    return {} if has_dovecot and Path("/usr/lib/dovecot/lmtp").exists() else {tests_on_sqlite: without}


def main(which: str) -> int:
    began, left_out = time.monotonic(), omissions()
    results: list[Result] = []
    for lanes in STEPS[which]:
        with ThreadPoolExecutor(len(lanes)) as threads:
            results += chain.from_iterable(threads.map(lambda lane: _walk(lane, left_out), lanes))
    named = {**left_out, **gaps()}
    missing = [named[step] for lanes in STEPS[which] for step in chain(*lanes) if step in named]
    return summary(results, missing, time.monotonic() - began)


def _walk(lane: Lane, left_out: Container[Step]) -> list[Result]:
    return [result for step in lane if step not in left_out for result in step()]


def summary(results: list[Result], left_out: list[str], seconds: float) -> int:
    """The last lines of a run; 0 when all is well and nothing was left out that had to be there."""
    say("\n=== Summary")
    for result in results:
        say(result.line)
    failed = [result.name for result in results if result.code]
    strict = os.environ.get("REQUIRE_ALL", "") == "1"
    for reason in left_out:
        say(f"Left out{', which REQUIRE_ALL=1 forbids' if strict else ''}: {reason}.")
    if failed:
        say(f"Failed: {', '.join(failed)}.")
    say(_total(results, seconds))
    return 1 if failed or (strict and left_out) else 0


def _total(results: list[Result], seconds: float) -> str:
    words = dict.fromkeys(word for result in results for word in result.counts)
    totals = {word: sum(result.counts.get(word, 0) for result in results) for word in words}
    said = ", ".join(f"{number} {word}" for word, number in totals.items()) or f"{len(results)} checks"
    return f"{said} in {seconds:.0f}s"


def _pytest(marks: str, folder: str = "tests") -> list[str]:
    # Stealing keeps the tests of one file together, so that what they share is made once.
    return tool("pytest", folder, "-n", "2", "--dist", "worksteal", "-m", marks)


def _chromium() -> str | None:
    given = os.environ.get("CHROMIUM")
    return given or next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


@contextmanager
def _postgresql() -> Iterator[str]:
    """The server that DATABASE_URL names, or one made for this run."""
    given = os.environ.get("DATABASE_URL", "")
    binaries = find_binaries()
    if given.startswith("postgres"):
        yield given
    elif isinstance(binaries, Path):
        # Of tables that are all but empty the planner guesses, and compiles for half a second what runs for one.
        with throwaway_cluster(binaries, jit="off") as url:
            yield url
    else:
        raise SystemExit("escala: DATABASE_URL names no PostgreSQL, and none is installed.")


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "all"))
