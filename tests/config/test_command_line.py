"""What a person sees who gave a wrong setting: one line and status 2, from whichever program."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.environment import BASE_DIR

pytestmark = pytest.mark.once

PROGRAMS = {
    "manage.py": ["manage.py", "check"],
    "up": ["manage.py", "up"],
    "web": ["-m", "config.web"],
    "worker": ["-m", "celery", "-A", "config.celery", "worker"],
    "beat": ["-m", "celery", "-A", "config.celery", "beat"],
    "uvicorn": ["-m", "uvicorn", "config.asgi:application", "--port", "1"],
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_wrong_setting_ends_every_program_with_one_line(tmp_path: Path, program: str) -> None:
    done = run(PROGRAMS[program], tmp_path, DATABASE_URL="mysql://db/escala")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "escala: DATABASE_URL must begin with postgresql:// or sqlite:///.\n"


UNREACHABLE = {
    "DATABASE_URL": "postgresql://escala@127.0.0.1:1/escala",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp://127.0.0.1:1",
}


@pytest.mark.parametrize("name", UNREACHABLE)
def test_a_part_that_does_not_answer_is_one_line_before_anything_starts(
    tmp_path: Path, free_port: int, name: str
) -> None:
    given = {"PORT": str(free_port), "DEMO": "0", name: UNREACHABLE[name]}

    done = run(PROGRAMS["up"], tmp_path, **given)

    assert done.returncode == 2
    assert done.stderr.startswith(f"escala: {name}: ")
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stdout


def test_a_file_that_is_no_database_is_one_line(tmp_path: Path, free_port: int) -> None:
    (tmp_path / "escala.sqlite3").write_text("Dear diary, " * 100)

    done = run(PROGRAMS["up"], tmp_path, PORT=str(free_port), DEMO="0")

    assert done.returncode == 2
    assert done.stderr.startswith("escala: DATABASE_URL: the database does not answer: ")
    assert len(done.stderr.splitlines()) == 1


def run(arguments: list[str], var_dir: Path, **given: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=BASE_DIR,
        env={**kept, "ESCALA_VAR": str(var_dir), "COLUMNS": "200", **given},
        capture_output=True,
        text=True,
        timeout=60,
    )
