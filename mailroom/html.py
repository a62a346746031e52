"""A mail's HTML as plain text, and as what may be shown of it: sanitised first, whatever comes of it. Pure."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import nh3
from django.utils.safestring import SafeString

LENGTH_LIMIT = 500_000
# The sanitiser's time grows with the square of the nesting; no program that writes mail nests this deep.
DEPTH_LIMIT = 400

BLOCKS = frozenset({"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "tr", "pre", "hr"})
SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre"})
KEPT = BLOCKS | {"a", "br", "li", "td", "th", "blockquote"}
# These do not nest in themselves or hold nothing, so that an open one is no depth.
FLAT = frozenset({"p", "li", "td", "th", "tr", "dt", "dd", "option", "br", "hr", "img", "meta", "link", "input", "col"})
LINKS = {"http", "https", "mailto"}

# What may be shown in the frame of a mail: words, tables and pictures, and of a style what cannot leave its place.
SHOWN = KEPT | {
    "abbr", "address", "b", "big", "caption", "center", "code", "col", "colgroup", "dd", "del", "div", "dl", "dt", "em",
    "figcaption", "figure", "font", "i", "img", "ins", "kbd", "mark", "s", "samp", "small", "span", "strike", "strong",
    "sub", "sup", "tbody", "tfoot", "thead", "tt", "u", "wbr",
}  # fmt: skip
_PLACED = {"align", "valign", "width", "height", "bgcolor"}
_SHOWN_ATTRIBUTES = {
    "*": {"dir", "lang", "style", "title"},
    "a": {"href"},
    "img": {"src", "alt", "border", *_PLACED},
    "font": {"color", "face", "size"},
    "table": {"border", "cellpadding", "cellspacing", *_PLACED},
    **{tag: {"colspan", "rowspan", "nowrap", *_PLACED} for tag in ("td", "th")},
    **{tag: set(_PLACED) for tag in ("tr", "tbody", "thead", "tfoot", "col", "colgroup", "p", "div", "hr")},
    "ol": {"start", "type"},
}
_STYLES = {
    *("background-color", "border-collapse", "border-radius", "border-spacing", "box-sizing", "color", "direction"),
    *("display", "font", "font-family", "font-size", "font-style", "font-variant", "font-weight", "height"),
    *("letter-spacing", "line-height", "list-style-type", "max-width", "min-width", "overflow-wrap", "table-layout"),
    *("text-align", "text-decoration", "text-indent", "text-transform", "vertical-align", "white-space", "width"),
    *("word-break", "word-wrap"),
    *(
        f"{edge}{side}{more}"
        for edge, mores in {"border": ("", "-color", "-style", "-width"), "margin": ("",), "padding": ("",)}.items()
        for side in ("", "-top", "-right", "-bottom", "-left")
        for more in mores
    ),
}
# What the plain words do not show as well.
_TELLING = re.compile(r"<(?:img|table|ul|ol|h[1-6]|b|strong|em|i|u|font|pre|code|a)[ >]|style=")
_SOURCE = re.compile(r'<img [^<>]{0,4000}?src="(https?:[^"]{1,4000})"')
# A point that is not to be seen; the frame draws a box around it.
NO_PICTURE = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="

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


def to_keep(html: str) -> str:
    """What of it may be shown, with its links and the addresses of its pictures; nothing where words say as much."""
    if len(html) > LENGTH_LIMIT or _depth(html) > DEPTH_LIMIT:
        return ""
    clean = _clean(html)
    return clean.strip() if _TELLING.search(clean) else ""


def to_show(html: str, *, picture: Callable[[str], str]) -> SafeString:
    """The same once more, each picture's address replaced by what `picture` makes of it."""

    def seen(tag: str, name: str, value: str) -> str | None:
        return picture(value) or NO_PICTURE if (tag, name) == ("img", "src") else value

    # Declared safe for the frame alone: nh3 has just taken away whatever is not on the list.
    return SafeString(_clean(html, seen))


def remote_images(html: str) -> int:
    """How many pictures of a kept text lie elsewhere."""
    return len(_SOURCE.findall(html))


def _clean(html: str, seen: Callable[[str, str, str], str | None] | None = None) -> str:
    return nh3.clean(
        html,
        tags=set(SHOWN),
        attributes=_SHOWN_ATTRIBUTES,
        attribute_filter=seen,
        filter_style_properties=_STYLES,
        url_schemes={*LINKS, "tel", "cid"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
        clean_content_tags={"script", "style", "title"},
    )


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
