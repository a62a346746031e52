"""The desk's processes and their commands: the very ones that docker-compose.yml runs, each in a container."""

import sys

from config.launcher.children import Program

PYTHON = sys.executable

COMMANDS = {
    "web": ["-m", "config.web"],
    "worker": ["-m", "celery", "-q", "-A", "config.celery", "worker", "--without-gossip", "--without-mingle"],
    "beat": ["-m", "celery", "-q", "-A", "config.celery", "beat", "--pidfile="],
    "watchdog": ["manage.py", "watchdog"],
    "mailroom": ["manage.py", "mailroom"],
}


def program(name: str, *, environment: dict[str, str], descriptors: tuple[int, ...] = ()) -> Program:
    return Program(name, [PYTHON, *COMMANDS[name]], {**environment, "PYTHONUNBUFFERED": "1"}, descriptors)
