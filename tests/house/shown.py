"""Tables that say which tests show what must hold: a row names its tests, by file."""

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
Tests = Mapping[str, list[str]]


@cache
def _tests_in(path: str) -> frozenset[str]:
    """Tests and the invariants of state machines."""
    tree = ast.parse((TESTS / path).read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def not_there(named: Tests) -> list[str]:
    """The tests that a row names and that there are none of."""
    return [f"{path}: {name}" for path, names in named.items() for name in names if name not in _tests_in(path)]
