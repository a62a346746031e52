"""The head of a mail, decoded without trust: encoded words, addresses, identifiers. Pure.

The standard library's modern header objects raise on what real mail contains, so the plain ones are read and
every value is cut before a pattern looks at it: some decoders need quadratic time for long values.
"""

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from common.text import flatten
from mailroom.charsets import decode

VALUE_LIMIT = 16_000
ADDRESSES_LIMIT = 100
REFERENCES_LIMIT = 50

# Characters that turn the reading direction around can make `exe.txt` of `txt.exe`.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x20\x7f]{1,64}@[^\s@<>()\[\],;:\\\"\x00-\x20\x7f]{1,189}")
_IDENTIFIER = re.compile(r"<[!-;=?-~]{1,250}>")


def value_of(message: Message, name: str) -> str:
    """The first header of that name as one harmless line, or an empty text."""
    values = values_of(message, name)
    return decoded(values[0]) if values else ""


def values_of(message: Message, name: str) -> list[str]:
    """All headers of that name as they stand, each cut to a length that patterns can be run over."""
    return [repaired(value)[:VALUE_LIMIT] for value in _raw_values(message, name)]


def decoded(value: str) -> str:
    """A header's text with its encoded words read (RFC 2047), on one line, without control characters."""
    unfolded = value.replace("\r", "").replace("\n", "")
    try:
        pieces = decode_header(unfolded)
    except (HeaderParseError, ValueError, LookupError):
        return _harmless(unfolded)
    return _harmless("".join(_word(piece, charset) for piece, charset in pieces))


def addresses_of(message: Message, name: str) -> list[tuple[str, str]]:
    """(display name, address in lower case) for each address that is one.

    Addresses are told apart before encoded words are read: a name may hold a comma or another address.
    """
    try:
        pairs = getaddresses(values_of(message, name))
    except (IndexError, RecursionError, ValueError):
        return []
    found = [(decoded(display), address.strip().lower()) for display, address in pairs[:ADDRESSES_LIMIT]]
    return [(display, address) for display, address in found if _ADDRESS.fullmatch(address)]


def identifiers_of(message: Message, name: str) -> tuple[str, ...]:
    """The `<…@…>` of a header such as References, in order; of many, the last (the nearest)."""
    text = " ".join(repaired(value)[-VALUE_LIMIT:] for value in _raw_values(message, name))
    return tuple(_IDENTIFIER.findall(text)[-REFERENCES_LIMIT:])


def repaired(value: str) -> str:
    """Eight-bit bytes, which the parser keeps as lone surrogates, read as what they most likely are."""
    return value if value.isascii() else decode(value.encode("utf-8", "surrogateescape"), None)


def _raw_values(message: Message, name: str) -> list[str]:
    """As they were parsed: `get_all` would replace eight-bit bytes by question marks."""
    return [str(value) for key, value in message.raw_items() if key.lower() == name.lower()]


def _word(piece: bytes | str, charset: str | None) -> str:
    if isinstance(piece, str):
        return piece
    # Plain text beside encoded words comes back from the library in this encoding of its own.
    return decode(
        piece if charset else piece.decode("raw-unicode-escape", "replace").encode("utf-8", "replace"), charset
    )


def _harmless(text: str) -> str:
    return _TURNS.sub("", flatten(text, limit=VALUE_LIMIT))
