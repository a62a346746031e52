"""Whether this machine can learn: the extra `forecast` brings what it takes, and without it all else works."""

import importlib
import importlib.util
from typing import Any


def is_available() -> bool:
    return importlib.util.find_spec("sklearn") is not None


def learning() -> Any:
    """The module `reports.forecast.learning`, read only where it can be."""
    return importlib.import_module("reports.forecast.learning")


def scoring() -> Any:
    return importlib.import_module("reports.forecast.scoring")


def scorecard() -> Any:
    return importlib.import_module("reports.forecast.scorecard")
