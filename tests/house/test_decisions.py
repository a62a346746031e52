"""Each decision has a number of its own, by which code and pages name it."""

from collections import Counter
from pathlib import Path

DECISIONS = sorted(Path("docs/decisions").glob("[0-9]*.md"))


def test_no_two_decisions_have_one_number():
    counts = Counter(path.name[:4] for path in DECISIONS)

    assert [number for number, count in counts.items() if count > 1] == []


def test_a_decision_says_its_own_number():
    wrong = [path.name for path in DECISIONS if not path.read_text().startswith(f"# {int(path.name[:4])}. ")]

    assert wrong == []
