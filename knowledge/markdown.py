"""Markdown to HTML that is safe to show: no raw HTML is taken, and what comes out is cleaned all the same. Pure."""

from collections.abc import Callable, Iterable
from html import escape

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

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
            attributes={"a": {"href"}},
            allowed_classes={"b": {"ment"}},
            url_schemes={"http", "https", "mailto"},
        )
    )
