"""Markdown to HTML that is safe to show: no raw HTML is taken, and what comes out is cleaned all the same. Pure."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from html import escape
from typing import NamedTuple

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

# Some pages of a list of articles, 5,000 signs each.
MOST_PLAIN = 128
_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
# Headings of the page stand above those of an article.
_HEADINGS = {"h1": "h2", "h2": "h3", "h3": "h4"}
_TAGS = {"p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "a", "b"}
_TABLES = {"table", "thead", "tbody", "tr", "th", "td"}


# In a letter the end of a line is meant.
_LETTERS = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
Spans = Callable[[str], Iterable[tuple[int, int]]]


def to_html(text: str) -> SafeString:
    return _clean(_PARSER, _PARSER.parse(text))


class Heading(NamedTuple):
    """A line of a table of contents: where it leads, its words, and whether it is a part of the one above it."""

    key: str
    words: str
    is_inner: bool


def article_to_html(text: str) -> tuple[SafeString, list[Heading]]:
    """The same, each heading with a key to go to, and the table of contents."""
    tokens, headings = _PARSER.parse(text), list[Heading]()
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag in {"h1", "h2"}:
            token.attrs["id"] = key = f"part-{len(headings) + 1}"
            headings.append(Heading(key, _words(tokens[at + 1]), token.tag == "h2"))
    if headings and all(heading.is_inner for heading in headings):
        headings = [heading._replace(is_inner=False) for heading in headings]
    return _clean(_PARSER, tokens), headings


@lru_cache(maxsize=MOST_PLAIN)
def plain(text: str) -> str:
    """The words alone, in one line; of a few texts kept, since a list shows the same ones again and again."""
    return " ".join(" ".join(_words(token) for token in _PARSER.parse(text) if token.type == "inline").split())


def targets(text: str) -> list[str]:
    """Where its links lead, in order."""
    return [str(token.attrs["href"]) for token in _inner(_PARSER.parse(text)) if token.type == "link_open"]


def _words(inline: Token) -> str:
    said = {"softbreak": " ", "hardbreak": " "}
    return "".join(said.get(token.type, token.content) for token in inline.children or [])


def _inner(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or []


def letter_to_html(text: str, *, marked: Spans | None = None) -> SafeString:
    """What somebody wrote to somebody: each end of a line stays. `marked` finds the spans that name a person."""
    tokens = _LETTERS.parse(text)
    if marked is not None:
        for token in tokens:
            if token.children:
                token.children = [part for child in token.children for part in _marked(child, marked)]
    return _clean(_LETTERS, tokens)


def _marked(token: Token, spans: Spans) -> list[Token]:
    if token.type != "text":
        return [token]
    parts, last = [], 0
    for start, end in spans(token.content):
        name = escape(token.content[start:end])
        parts += [_text(token.content[last:start]), Token("html_inline", "", 0, content=f'<b class="ment">{name}</b>')]
        last = end
    return [*parts, _text(token.content[last:])]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _clean(parser: MarkdownIt, tokens: list[Token]) -> SafeString:
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
    html = parser.renderer.render(tokens, parser.options, {})
    # The one place where text is declared safe: nh3 has just taken away whatever is not on the list.
    return SafeString(
        nh3.clean(
            html,
            tags=_TAGS | _TABLES,
            attributes={"a": {"href"}, **{tag: {"id"} for tag in _HEADINGS.values()}},
            allowed_classes={"b": {"ment"}},
            url_schemes={"http", "https", "mailto"},
        )
    )
