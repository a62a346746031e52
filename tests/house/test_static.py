"""The look keeps its own rules: vendored files are what they were, colours live in one file and can be read."""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import pytest

from desk.hub import PAUSE

# Milliseconds from a change to a page's question about it; what is left of two seconds is for the answer.
MOST_WAIT = 1600

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
TEMPLATES = ROOT / "templates"
TOKENS = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")

SHEETS = sorted(path for path in (STATIC / "css").glob("*.css") if path.name != "tokens.css")
PAGES = sorted(TEMPLATES.rglob("*.html"))
# Mail programs know no style sheet and no tokens: the one place where values stand inline, and only the tokens' own.
MAIL = TEMPLATES / "mail"

COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\(", re.IGNORECASE)
NAMED = re.compile(
    r":[^;{}]*(?<![-\w])(?:white|black|red|green|blue|yellow|orange|purple|gr[ae]y|silver|navy|teal|pink|gold)\b(?![-\w])"
)
TOKEN = re.compile(
    r"--e-(?P<name>[a-z0-9-]+):\s+(?:light-dark\((?P<light>#\w{6}), (?P<dark>#\w{6})\)|(?P<both>#\w{6}));"
)
ICON = re.compile(r"<c-icon [^>]*?(?<!:)name=\"(?P<name>[a-z0-9-]+)\"|(?<![:\w-])icon=\"(?P<icon>[a-z0-9-]+)\"")
INLINE = re.compile(r"<style\b|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\bsrc=)|\|safe\b|javascript:", re.IGNORECASE)

# Text on its ground, at least 4.5; edges of controls and bars, at least 3 (WCAG 1.4.3, 1.4.11).
TEXT = 4.5
EDGE = 3.0
PAIRS = [
    *(
        (ink, ground, TEXT)
        for ink in ("text", "text-2", "text-3")
        for ground in ("surface", "sunken", "canvas", "raised")
    ),
    ("text-3", "accent-soft", TEXT),
    ("text-2", "nav-on", TEXT),
    ("accent", "surface", TEXT),
    ("accent", "accent-soft", TEXT),
    ("accent", "canvas", TEXT),
    *((ink, "surface", TEXT) for ink in ("esc", "ok", "warn", "breach", "orange")),
    *((ink, f"{ink}-soft", TEXT) for ink in ("esc", "ok", "warn", "breach", "orange")),
    ("text-2", "esc-soft", TEXT),
    ("note-text", "note", TEXT),
    ("note-text", "surface", TEXT),
    ("text", "note", TEXT),
    *(("on-solid", ground, TEXT) for ground in ("accent-solid", "accent-hover", "esc-solid", "breach-solid")),
    ("on-esc-2", "esc-solid", TEXT),
    ("toast-ink", "toast", TEXT),
    ("toast-link", "toast", TEXT),
    ("heat-3-ink", "heat-3", TEXT),
    *((f"av{n}-ink", f"av{n}", TEXT) for n in range(1, 7)),
    ("control", "surface", EDGE),
    ("control", "raised", EDGE),
    *((bar, "surface", EDGE) for bar in ("fill", "warn-fill", "ok-fill")),
    *((f"c{n}", "surface", EDGE) for n in range(1, 5)),
]


def vendored() -> list[tuple[str, str]]:
    versions = json.loads((VENDOR / "VERSIONS.json").read_text(encoding="utf-8"))
    return [listed for package in versions.values() for listed in package["files"].items()]


def in_each(paths: Iterable[Path], find: Callable[[str], Collection[str]]) -> dict[str, Collection[str]]:
    """What is found in which file; files without a find are not among them."""
    found = {str(path.relative_to(ROOT)): find(path.read_text(encoding="utf-8")) for path in paths}
    return {path: finds for path, finds in found.items() if finds}


def tokens(theme: str) -> dict[str, str]:
    return {found["name"]: found["both"] or found[theme] for found in TOKEN.finditer(TOKENS)}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_each_vendored_file_is_the_one_that_was_fetched() -> None:
    changed = [
        path for path, sha256 in vendored() if hashlib.sha256((VENDOR / path).read_bytes()).hexdigest() != sha256
    ]

    assert changed == []


def test_nothing_lies_among_the_vendored_files_that_is_not_listed() -> None:
    listed = {path for path, _ in vendored()} | {"VERSIONS.json"}

    found = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}

    assert found == listed


def test_the_sprite_holds_exactly_the_listed_icons() -> None:
    listed = set((ROOT / "scripts" / "icons.txt").read_text(encoding="ascii").split())

    drawn = set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "icons.svg").read_text(encoding="utf-8")))

    assert drawn == listed


def test_pages_name_only_icons_that_are_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "icons.svg").read_text(encoding="utf-8")))

    undrawn = in_each(PAGES, lambda text: {found["name"] or found["icon"] for found in ICON.finditer(text)} - drawn)

    assert undrawn == {}


def test_only_the_token_file_holds_colours() -> None:
    def colours(text: str) -> list[str]:
        bare = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        return COLOUR.findall(bare) + NAMED.findall(bare)

    assert in_each(SHEETS, colours) == {}


def test_no_page_that_follows_the_stream_lets_changes_wait_or_pass_unseen() -> None:
    """The stream may take a second; a page's own wait and its question must fit into the other one (issue 3)."""
    triggers = [
        part.strip()
        for page in PAGES
        for trigger in re.findall(r'hx-trigger="([^"]*)"', page.read_text(encoding="utf-8"))
        for part in trigger.split(",")
        if part.strip().startswith("escala:")
    ]

    assert len(triggers) > 10
    assert [trigger for trigger in triggers if "throttle" in trigger] == []
    waits = {trigger: int(found[1]) for trigger in triggers if (found := re.search(r"delay:(\d+)ms", trigger))}
    assert {trigger: wait for trigger, wait in waits.items() if PAUSE * 1000 + wait > MOST_WAIT} == {}
    assert [trigger for trigger in triggers if "delay:" in trigger and trigger not in waits] == []


def test_every_token_in_use_is_defined() -> None:
    defined = set(re.findall(r"(--e-[a-z0-9-]+):", TOKENS))

    undefined = in_each(SHEETS, lambda text: set(re.findall(r"var\((--e-[a-z0-9-]+)\)", text)) - defined)

    assert undefined == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_token_can_be_read_on_its_ground(theme: str) -> None:
    colours = tokens(theme)

    weak = [(ink, ground) for ink, ground, least in PAIRS if contrast(colours[ink], colours[ground]) < least]

    assert weak == []


def test_pages_hold_no_inline_style_or_script() -> None:
    assert in_each([page for page in PAGES if MAIL not in page.parents], INLINE.findall) == {}


def test_mails_use_only_light_values_of_the_tokens() -> None:
    light = set(tokens("light").values())

    strange = in_each(
        MAIL.glob("*.html"), lambda text: {found.lower() for found in re.findall(r"#[0-9a-fA-F]{6}\b", text)} - light
    )

    assert strange == {}


def test_every_mail_with_a_page_has_words_of_equal_content() -> None:
    # What begins with a line below is a frame that pages stand in.
    pages = {path.stem for path in MAIL.glob("*.html") if not path.stem.startswith("_")}

    assert pages == {path.stem for path in MAIL.glob("*.txt")}


def test_every_style_sheet_and_script_is_loaded_by_the_base_page() -> None:
    assets = (TEMPLATES / "components" / "assets.html").read_text(encoding="utf-8")
    ours = [f"css/{path.name}" for path in (STATIC / "css").glob("*.css")]
    ours += [f"js/{path.name}" for path in (STATIC / "js").glob("*.js")]

    # The chat on others' websites has a page of its own, and the script that shows it is served by itself.
    frame = (TEMPLATES / "portal" / "chat" / "base.html").read_text(encoding="utf-8")
    served = {"js/widget.js"}

    missing = [name for name in ours if f"'{name}'" not in assets + frame]

    assert set(missing) == served
    assert "<c-assets />" in (TEMPLATES / "base.html").read_text(encoding="utf-8")
