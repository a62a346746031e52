"""What the Makefile and the pages promise of `make` is a command that does something."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
RULES = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))
IN_CODE = re.compile(r"`(?:[A-Z_]+=\S+ )*make ([a-z-]+)(?: [A-Z_]+=\S+)*`")


def test_every_target_has_its_rule():
    (named,) = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)

    assert set(named.split()) == RULES - {"all"}


def test_every_command_that_a_page_names_has_its_rule():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    named = {(page.name, target) for page in pages for target in IN_CODE.findall(page.read_text(encoding="utf-8"))}

    assert {target for _page, target in named} > {"bench-knowledge"}
    assert sorted((page, target) for page, target in named if target not in RULES) == []
