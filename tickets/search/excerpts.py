"""The piece of a text in which the words of a search stand. Pure."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from common.words import folded, goes_on_with
from tickets.search.grammar import Term

LENGTH, BEFORE = 120, 12
_LETTER, _BETWEEN = r"[^\W_]", r"[\W_]+"


class Piece(NamedTuple):
    """A part of a line, and whether it is what was asked for."""

    text: str
    is_found: bool = False


def wanted(terms: Sequence[Term]) -> re.Pattern[str] | None:
    """What to look for in a text without case and accents; None where no word is asked for."""
    found = [_of(term) for term in terms if not term.key and not term.negated and term.words]
    return re.compile("|".join(found)) if found else None


def excerpt(text: str, pattern: re.Pattern[str]) -> tuple[Piece, ...]:
    """One line from shortly before the first find on; empty where the text has none of it."""
    line = " ".join(text.split())
    plain, places = _folded(line)
    finds = [(places[find.start()], places[find.end() - 1] + 1) for find in pattern.finditer(plain)]
    if not finds:
        return ()
    start = _start(line, finds[0][0])
    end = min(len(line), start + LENGTH)
    pieces, last = [Piece("… " if start else "")], start
    for begins, ends in finds:
        if ends <= end:
            pieces += [Piece(line[last:begins]), Piece(line[begins:ends], is_found=True)]
            last = ends
    pieces.append(Piece(line[last:end] + ("…" if end < len(line) else "")))
    return tuple(piece for piece in pieces if piece.text)


def _folded(line: str) -> tuple[str, Sequence[int]]:
    """The line as it is searched, and where each of its signs stands in the line: "ß" is two of them."""
    plain = folded(line)
    if len(plain) == len(line):
        return plain, range(len(line))
    signs = {sign: folded(sign) for sign in set(line)}
    places = [at for at, sign in enumerate(line) for _one in signs[sign]]
    return "".join(signs[sign] for sign in line), places


def _start(text: str, hit: int) -> int:
    """At a word's beginning, so that the find has something before it."""
    return 0 if hit <= BEFORE else text.find(" ", hit - BEFORE, hit) + 1 or hit


def _of(term: Term) -> str:
    words = term.words
    if goes_on_with(words[0]):
        # Pairs of signs that no blank parts: the run itself is looked for.
        return re.escape(folded(term.value.strip('"* ')))
    first, *rest = map(re.escape, words)
    # It begins with letters, which are found faster than a boundary; that there is one is asked behind them.
    joined = _BETWEEN.join([f"{first}(?<!{_LETTER}{first})", *rest])
    return f"{joined}{_LETTER}*" if term.is_prefix else f"{joined}(?!{_LETTER})"
