"""One step of a test run: a command whose output is shown as it comes, and remembered for the summary."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
LAST_LINE = re.compile(r" in \d+\.\d+s")
COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed)")


@dataclass(slots=True)
class Result:
    name: str
    code: int
    seconds: float
    output: str = ""
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """For the summary: what pytest counted, or just well or not."""
        said = ", ".join(f"{number} {word}" for word, number in self.counts.items())
        verdict = "ok" if self.code == 0 else f"FAILED (status {self.code})"
        return f"{self.name:<22} {verdict:<20} {self.seconds:6.1f} s  {said}".rstrip()


def tool(name: str, *arguments: str) -> list[str]:
    return [str(BIN / name), *arguments]


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def run(
    name: str,
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    quiet: bool = False,
    beside: bool = False,
) -> Result:
    """Run one command at the project's root.

    A quiet one speaks only when it fails; one beside others says its name with each line.
    """
    began = time.monotonic()
    if not quiet:
        say(f"--- {name}")
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None  # noqa: S101 - stdout=PIPE; for the type checker
        lines = []
        for line in process.stdout:
            lines.append(line)
            if not quiet:
                say(f"{name:<17} | {line}" if beside else line, end="")
    result = Result(name, process.returncode, time.monotonic() - began, "".join(lines), _counts(lines))
    if quiet:
        say(f"--- {result.line}" + (f"\n{result.output}" if result.code else ""))
    return result


def say(text: str, end: str = "\n") -> None:
    sys.stdout.write(f"{text}{end}")
    sys.stdout.flush()


def _counts(lines: Sequence[str]) -> dict[str, int]:
    """From pytest's last line, such as `120 passed, 2 skipped in 31.02s`."""
    for line in reversed(lines):
        if LAST_LINE.search(line) and (found := COUNT.findall(line)):
            return {word: int(number) for number, word in found}
    return {}
