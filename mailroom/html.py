"""A mail's HTML as plain text: sanitised first, then read element by element. Pure."""

import re
from html.parser import HTMLParser

import nh3

LENGTH_LIMIT = 500_000
# The sanitiser's time grows with the square of the nesting; no program that writes mail nests this deep.
DEPTH_LIMIT = 400

BLOCKS = frozenset({"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "tr", "pre", "hr"})
SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre"})
KEPT = BLOCKS | {"a", "br", "li", "td", "th", "blockquote"}
# These do not nest in themselves or hold nothing, so that an open one is no depth.
FLAT = frozenset({"p", "li", "td", "th", "tr", "dt", "dd", "option", "br", "hr", "img", "meta", "link", "input", "col"})
LINKS = {"http", "https", "mailto"}

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_ANY_TAG = re.compile(r"<[^<>]{0,2000}>")
_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0]+")


def to_text(html: str) -> str:
    """Paragraphs, list items, links and quotations survive as a person would type them; nothing else does."""
    html = html[:LENGTH_LIMIT]
    if _depth(html) > DEPTH_LIMIT:
        html = _ANY_TAG.sub(" ", html)
    clean = nh3.clean(
        html,
        tags=set(KEPT),
        attributes={"a": {"href"}},
        url_schemes=LINKS,
        link_rel=None,
        clean_content_tags={"script", "style", "title"},
    )
    reader = _Reader()
    reader.feed(clean)
    reader.close()
    return reader.text()


def _depth(html: str) -> int:
    """How deep elements are nested at most, counted generously."""
    depth = deepest = 0
    for closing, name in _TAG.findall(html):
        if name.lower() in FLAT:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest


class _Reader(HTMLParser):
    """Collects lines; a quotation's lines get the `>` that plain mail has."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.line = ""
        self.quotes = 0
        self.preformatted = 0
        self.links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._end_line(keep_empty=True)
        elif tag in BLOCKS or tag in {"blockquote", "li"}:
            self._end_line()
        elif tag in {"td", "th"} and self.line:
            self.line += " "
        self.quotes += tag == "blockquote"
        self.preformatted += tag == "pre"
        if tag == "li":
            self.line = "- "
        if tag == "a":
            self.links.append((dict(attrs).get("href") or "", len(self.line)))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.links:
            self._name_link(*self.links.pop())
        if tag in BLOCKS or tag in {"blockquote", "li"}:
            self._end_line()
        if tag in SPACED:
            self._blank_line()
        self.quotes -= tag == "blockquote"
        self.preformatted -= tag == "pre"

    def handle_data(self, data: str) -> None:
        if self.preformatted:
            first, *others = data.split("\n")
            self.line += first
            for line in others:
                self._end_line(keep_empty=True)
                self.line = line
            return
        words = _SPACES.sub(" ", data)
        self.line += words.lstrip() if not self.line or self.line.endswith(" ") else words

    def text(self) -> str:
        self._end_line()
        return "\n".join(self.lines).strip()

    def _end_line(self, *, keep_empty: bool = False) -> None:
        content = self.line.rstrip()
        self.line = ""
        if content:
            self.lines.append(self._prefix() + content)
        elif keep_empty:
            self._blank_line()

    def _blank_line(self) -> None:
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append(self._prefix().rstrip())

    def _prefix(self) -> str:
        return "> " * min(self.quotes, 5)

    def _name_link(self, target: str, start: int) -> None:
        """“the page (https://…)”, unless the words are the address already."""
        words = self.line[start:].strip() if start <= len(self.line) else ""
        address = target.removeprefix("mailto:")
        if address and address.rstrip("/") not in words:
            self.line += f" ({address})" if words else address
