"""A bench that measures on a PostgreSQL of its own: a line of JSON for each figure."""

import os
from importlib import import_module

from bench.own_database import own_database
from bench.workspace.asking import say


def measured(module: str, *, size: int, fast: int) -> int:
    """Its `figures(size)`, with `fast` of what it counts under FAST=1 and as many as SIZE says; the exit code.

    It is imported once the database is there: Django reads the environment at its import.
    """
    is_fast = os.environ.get("FAST", "") not in {"", "0"}
    with own_database():
        for figure in import_module(module).figures(int(os.environ.get("SIZE", fast if is_fast else size))):
            say(**figure)
    return 0
