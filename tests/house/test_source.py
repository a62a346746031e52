"""The house rules that no linter knows: sizes, forbidden words, reasons for suppressions."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
MOST_FILE_LINES = 400
MOST_FUNCTION_LINES = 50
SKIPPED_PARTS = {"migrations", "vendor", ".venv", "var", "node_modules"}


def _kept() -> list[Path]:
    """What git keeps or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


KEPT = _kept()
PYTHON = [path for path in KEPT if path.suffix == ".py" and not SKIPPED_PARTS & set(path.parts)]
PRODUCT = [path for path in PYTHON if path.relative_to(ROOT).parts[0] not in {"tests", "bench"}]
THIS = Path(__file__)


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _lines_with(pattern: str, paths: list[Path], *, except_in: set[str] = frozenset()) -> list[str]:
    wanted = re.compile(pattern)
    return [
        f"{_name(path)}:{number}: {line.strip()}"
        for path in paths
        if _name(path) not in except_in and path != THIS
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if wanted.search(line)
    ]


def _functions(node: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All of them, wherever they are nested; expressions, which hold none, are passed over."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child
        if isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            yield from _functions(child)


def test_no_file_is_longer_than_400_lines():
    long = {_name(path): len(path.read_text().splitlines()) for path in PYTHON}
    assert {name: count for name, count in long.items() if count > MOST_FILE_LINES} == {}


def test_no_function_is_longer_than_50_lines():
    long = [
        f"{_name(path)}: {node.name}"
        for path in PRODUCT
        for node in _functions(ast.parse(path.read_text()))
        if (node.end_lineno or 0) - node.lineno + 1 > MOST_FUNCTION_LINES
    ]
    assert long == []


def test_every_suppression_gives_its_reason():
    bare = _lines_with(r"#\s*(noqa(:\s*[A-Z0-9, ]+)?|type:\s*ignore(\[[\w, -]+\])?)\s*$", PYTHON)
    assert bare == []


def test_days_are_said_in_one_place():
    """R97: Django's names of days and months have capitals and cases that a sentence of another language has not."""
    pages = [path for path in KEPT if path.suffix == ".html"]
    formats = _lines_with(r"django\.utils\.dateformat\b|\bdate_format\b", PRODUCT, except_in={"common/dates.py"})
    filters = _lines_with(r"""\|date:["'](?=[^"']*[bDEFlMN])""", pages)

    assert formats + filters == []


def test_time_comes_from_one_source():
    """DESIGN §3.13: `common.clock` alone looks at a clock."""
    looks = _lines_with(
        r"timezone\.now\(|datetime\.(now|utcnow|today)\(|date\.today\(|functions import .*\bNow\b|\btime\.time\(",
        PRODUCT,
        except_in={"common/clock.py"},
    )
    assert looks == []


def test_states_change_only_through_transitions():
    """DESIGN §3.10: no update() goes around the state machines of Ticket and Escalation."""
    around = _lines_with(r"(Ticket|Escalation)\.objects.*\.update\([^)]*\b(status|state)=", PRODUCT)
    assert around == []


def test_nothing_is_marked_safe():
    paths = [path for path in KEPT if path.suffix in {".html", ".txt"} and "vendor" not in path.parts] + PRODUCT
    pattern = r"\|\s*safe\b|\bmark_safe\b|SafeString\(|autoescape off"
    # Where HTML is made, through the sanitiser, at the moment of showing: of Markdown, and of a mail for its frame.
    made = {"knowledge/markdown.py", "mailroom/html.py"}
    assert _lines_with(pattern, _but_mail_texts(paths), except_in=made) == []


def test_no_signal_of_a_model_is_listened_to():
    """DESIGN §1: floors announce, they do not listen to each other's tables."""
    assert _lines_with(r"post_save|pre_save|m2m_changed|post_delete|pre_delete", PRODUCT) == []


@pytest.mark.parametrize(
    "pattern", [r"/root/|/work/|/home/\w+/", r"https?://(pypi|files\.pythonhosted|registry\.npmjs)"]
)
def test_nothing_of_one_machine_is_kept(pattern):
    texts = [path for path in KEPT if path.suffix not in {".woff2", ".png", ".ico"} and "vendor" not in path.parts]
    assert _lines_with(pattern, texts) == []


def _but_mail_texts(paths: list[Path]) -> list[Path]:
    """A mail's plain text part is no HTML: escaping there would put &amp; before people's eyes."""
    return [path for path in paths if not (path.suffix == ".txt" and "mail" in path.parts)]
