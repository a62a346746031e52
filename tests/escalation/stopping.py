"""Services called as far as it matters, and nothing of it kept: for the matrix of who may what and when."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from escalation.models import Escalation


class ReachedError(Exception):
    """So far it came."""


def reach(*given: Any, **named: Any) -> None:
    raise ReachedError


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def without_savepoints() -> Iterator[None]:
    """Where nothing is written there is nothing to go back to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction.Atomic, "__enter__", lambda block: None)
        patch.setattr(transaction.Atomic, "__exit__", lambda block, *error: None)
        yield


@contextmanager
def stopping_at(*names: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in names:
            for module in _modules_with(name):
                patch.setattr(module, name, reach)
        yield


@contextmanager
def plainly_locked() -> Iterator[None]:
    """Nobody else is there: without the lock, and without all that is read along with it."""
    with pytest.MonkeyPatch.context() as patch:
        for module in _modules_with("lock_escalation"):
            patch.setattr(module, "lock_escalation", lambda number: Escalation.objects.get(number=number))
        yield


def _modules_with(name: str) -> list[Any]:
    return [module for path, module in sys.modules.items() if path.startswith("escalation.") and name in vars(module)]
