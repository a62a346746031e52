"""Copies of a module with one slip in them, to see whether a test would notice."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

# How a difference shows itself: an answer that is not the oracle's, or none.
FOUND = (AssertionError, ValueError, LookupError)


def mutant(monkeypatch: pytest.MonkeyPatch, module: ModuleType, old: str, new: str) -> ModuleType:
    """A copy in which the one place that reads `old` reads `new`."""
    source = Path(str(module.__file__)).read_text()
    assert source.count(old) == 1, f"{module.__name__} has {source.count(old)} places that read {old!r}"
    name = f"{module.__name__}_with_a_slip"
    changed = ModuleType(name)
    # Dataclasses look up the module that they stand in.
    monkeypatch.setitem(sys.modules, name, changed)
    exec(compile(source.replace(old, new), name, "exec"), changed.__dict__)  # noqa: S102 – our own module
    return changed
