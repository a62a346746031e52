"""Each requirement of escalation management, R1 to R55, has a test that carries its number (`test_r35_…`)."""

import re

from tests.house.test_source import PYTHON, ROOT

NUMBERED = re.compile(r"^\s*(?:async )?def test_((?:r\d+_)+)", re.MULTILINE)
# What is not built whole, and what is missing of it; nothing is added here.
AWAITED: dict[int, str] = {}


def _shown() -> set[int]:
    tests = [path for path in PYTHON if path.relative_to(ROOT).parts[0] == "tests"]
    found = {number for path in tests for number in NUMBERED.findall(path.read_text())}
    return {int(one) for numbers in found for one in re.findall(r"\d+", numbers)}


def test_every_requirement_has_a_test_that_carries_its_number():
    assert set(range(1, 56)) - _shown() == set(AWAITED)
