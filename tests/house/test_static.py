"""The look keeps its own rules: vendored files are what they were, colours live in one file and can be read."""

import hashlib
import json
import re
from pathlib import Path

import pytest

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


@pytest.mark.parametrize(
    ("path", "sha256"), vendored(), ids=lambda value: value if "/" in value or "." in value else ""
)
def test_a_vendored_file_is_the_one_that_was_fetched(path: str, sha256: str) -> None:
    assert hashlib.sha256((VENDOR / path).read_bytes()).hexdigest() == sha256


def test_nothing_lies_among_the_vendored_files_that_is_not_listed() -> None:
    listed = {path for path, _ in vendored()} | {"VERSIONS.json"}

    found = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}

    assert found == listed


def test_the_sprite_holds_exactly_the_listed_icons() -> None:
    listed = set((ROOT / "scripts" / "icons.txt").read_text(encoding="ascii").split())

    drawn = set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "icons.svg").read_text(encoding="utf-8")))

    assert drawn == listed


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_page_names_only_icons_that_are_drawn(page: Path) -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "icons.svg").read_text(encoding="utf-8")))

    named = {found["name"] or found["icon"] for found in ICON.finditer(page.read_text(encoding="utf-8"))}

    assert named <= drawn


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_only_the_token_file_holds_colours(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert COLOUR.findall(text) == []
    assert NAMED.findall(text) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_every_token_in_use_is_defined(sheet: Path) -> None:
    used = set(re.findall(r"var\((--e-[a-z0-9-]+)\)", sheet.read_text(encoding="utf-8")))

    assert used <= set(re.findall(r"(--e-[a-z0-9-]+):", TOKENS))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_a_token_can_be_read_on_its_ground(ink: str, ground: str, least: float, theme: str) -> None:
    colours = tokens(theme)

    assert contrast(colours[ink], colours[ground]) >= least


@pytest.mark.parametrize(
    "page", [page for page in PAGES if MAIL not in page.parents], ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_a_page_holds_no_inline_style_or_script(page: Path) -> None:
    assert INLINE.findall(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", sorted(MAIL.glob("*.html")), ids=lambda path: path.name)
def test_a_mail_uses_only_light_values_of_the_tokens(page: Path) -> None:
    used = {colour.lower() for colour in re.findall(r"#[0-9a-fA-F]{6}\b", page.read_text(encoding="utf-8"))}

    assert used <= set(tokens("light").values())


def test_every_mail_with_a_page_has_words_of_equal_content() -> None:
    pages = {path.stem for path in MAIL.glob("*.html")}

    assert pages == {path.stem for path in MAIL.glob("*.txt")}


def test_every_style_sheet_and_script_is_loaded_by_the_base_page() -> None:
    assets = (TEMPLATES / "components" / "assets.html").read_text(encoding="utf-8")
    ours = [f"css/{path.name}" for path in (STATIC / "css").glob("*.css")]
    ours += [f"js/{path.name}" for path in (STATIC / "js").glob("*.js")]

    missing = [name for name in ours if f"'{name}'" not in assets]

    assert missing == []
    assert "<c-assets />" in (TEMPLATES / "base.html").read_text(encoding="utf-8")
