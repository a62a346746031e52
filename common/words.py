"""How a text becomes words to be searched: once, here, so that index, query and test agree (DESIGN §6). Pure.

Chinese, Japanese and Korean do not part words as others do. A run of their signs is kept as all pairs of neighbours
and its last sign: 銀行振込 is 銀行 行振 振込 込. Asked for are the pairs alone, side by side, so that any piece of a
run is found and nothing else; a single sign is asked for as the beginning of a pair, or the end of a run.
"""

import re
import unicodedata

# An index entry has bounds (PostgreSQL: 2 KB a word, 1 MB a document); no language has longer words.
LONGEST_WORD = 60
LONGEST_DOCUMENT = 400_000

# Stands between two texts of one document, so that no phrase reaches from one into the next. It is no letter: nobody
# can search for it.
BREAK = "¶"

_MARKS = ("Mn", "Me")
# In kana they are no accents: ハス is a lotus and バス a bus.
_VOICED = "\u3099\u309a"
_NOT_ALNUM = re.compile(r"[\W_]+")
# Han with its repetition marks, kana, bopomofo, Hangul; compatibility forms have been folded into these.
_UNPARTED = (
    "\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u31a0-\u31bf\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\U00020000-\U000323af"
)
_PAIR = re.compile(f"[{_UNPARTED}]{{2}}")
_RUN = re.compile(f"([{_UNPARTED}]+)|([^{_UNPARTED}]+)")


def words_of(text: str) -> list[str]:
    """The words in order: without regard to case and accents, split where no letter or digit stands."""
    return [word for run, is_unparted in _runs(text) for word in ([*_pairs(run), run[-1]] if is_unparted else [run])]


def asked_for(text: str, *, is_beginning: bool = False) -> tuple[list[str], bool]:
    """The words that a document must have side by side to hold the text, and whether a longer last one will do.

    `is_beginning`: of a last word that blanks part from others, a longer one will do.
    """
    runs, words = _runs(text), words_of(text)
    if not runs or not runs[-1][1]:
        return words, is_beginning
    # The run may go on in the document, so its end is not asked for; of a single sign it is all there is.
    return (words[:-1], False) if len(runs[-1][0]) > 1 else (words, True)


def goes_on_with(word: str) -> str:
    """The sign with which the word after this one begins in any document: the second of a pair; empty for others."""
    return word[1] if _PAIR.fullmatch(word) else ""


def document(*texts: str) -> str:
    """Texts as one indexed document, one space between two words; what is over the bound is left out."""
    joined = f" {BREAK} ".join(" ".join(words) for words in map(words_of, texts) if words)
    return joined if len(joined) <= LONGEST_DOCUMENT else joined[:LONGEST_DOCUMENT].rsplit(" ", 1)[0]


def _runs(text: str) -> list[tuple[str, bool]]:
    """Pieces without a gap, and whether each is of signs that no blank parts."""
    plain = folded(text)
    pieces = [piece for piece in _NOT_ALNUM.split(plain) if piece]
    if plain.isascii():
        return [(piece[:LONGEST_WORD], False) for piece in pieces]
    runs = [run for piece in pieces for run in _RUN.findall(piece)]
    return [(unparted or word[:LONGEST_WORD], bool(unparted)) for unparted, word in runs]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def folded(text: str) -> str:
    """Without regard to case and accents."""
    folded = text.casefold()
    if folded.isascii():
        return folded
    apart = unicodedata.normalize("NFKD", folded)
    # Asked of each sign once, however often it stands there.
    marks = [sign for sign in set(apart) if sign not in _VOICED and unicodedata.category(sign) in _MARKS]
    kept = apart.translate(dict.fromkeys(map(ord, marks)))
    # Syllables of Hangul and voiced kana were taken apart with the accents.
    return unicodedata.normalize("NFC", kept).casefold()
