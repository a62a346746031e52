"""The piece of an article in which the asked words stand, as plain text. Pure."""

import re
from typing import NamedTuple

from common.words import words_of
from knowledge.markdown import plain

LENGTH, BEFORE = 180, 50
_WORD = re.compile(r"\w+")


class Piece(NamedTuple):
    """A part of a line, and whether it is one of the asked words."""

    text: str
    is_found: bool


def snippet(body: str, asked: str) -> list[Piece]:
    """From shortly before the first asked word on; the beginning where none of them stands in the text."""
    text, wanted = plain(body), set(words_of(asked))
    hits = [match.span() for match in _WORD.finditer(text) if wanted and wanted & set(words_of(match.group()))]
    start = _start(text, hits[0][0]) if hits else 0
    end = min(len(text), start + LENGTH)
    pieces, last = [Piece("… ", False)] if start else [], start
    for begins, ends in hits:
        if start <= begins and ends <= end:
            pieces += [Piece(text[last:begins], False), Piece(text[begins:ends], True)]
            last = ends
    return [piece for piece in [*pieces, Piece(text[last:end] + ("…" if end < len(text) else ""), False)] if piece.text]


def _start(text: str, hit: int) -> int:
    """At a word's beginning, so that the hit has something before it."""
    if hit <= BEFORE:
        return 0
    return text.find(" ", hit - BEFORE, hit) + 1 or hit
