"""How a text becomes words to be searched: once, here, so that index, query and test agree (DESIGN §6). Pure."""

import re
import unicodedata

# An index entry has bounds (PostgreSQL: 2 KB a word, 1 MB a document); no language has longer words.
LONGEST_WORD = 60
LONGEST_DOCUMENT = 400_000

# Stands between two texts of one document, so that no phrase reaches from one into the next. It is no letter: nobody
# can search for it.
BREAK = "¶"

_MARKS = ("Mn", "Me")
_NOT_ALNUM = re.compile(r"[\W_]+")


def words_of(text: str) -> list[str]:
    """The words in order: without regard to case and accents, split where no letter or digit stands."""
    return [word[:LONGEST_WORD] for word in _NOT_ALNUM.split(_plain(text)) if word]


def document(*texts: str) -> str:
    """Texts as one indexed document, one space between two words; what is over the bound is left out."""
    joined = f" {BREAK} ".join(" ".join(words) for words in map(words_of, texts) if words)
    return joined if len(joined) <= LONGEST_DOCUMENT else joined[:LONGEST_DOCUMENT].rsplit(" ", 1)[0]


def _plain(text: str) -> str:
    folded = text.casefold()
    if folded.isascii():
        return folded
    apart = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in apart if unicodedata.category(letter) not in _MARKS).casefold()
