"""A picture from outside, read by its bytes and cut down to what draws it (SECURITY, fake-type attachments). Pure.

PNG and JPEG only: neither can hold a script. What is no part of the drawing (text, a camera's place, what hangs behind
the end) is left out, so that nothing is served that nobody has looked at (docs/decisions/0030).
"""

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import puremagic
from django.utils.translation import gettext as _

from common.errors import InvalidInput

MOST_BYTES = 200 * 1024
LEAST_SIDE, MOST_SIDE = 16, 1200

_PNG = b"\x89PNG\r\n\x1a\n"
# Header, palette, transparency, colour space, pixels, end (PNG, third edition, 11).
_DRAWING = frozenset({b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"IDAT", b"IEND"})
# Start of frame, but for the tables and the extension that share its range (ITU T.81, B.1.1.3).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN, _END = 0xDA, 0xD9
# The markers of an application are kept for the colour space alone (JFIF, Adobe).
_KEPT_APPS = frozenset({0xE0, 0xEE})


class UnreadableError(Exception):
    """It is not as its kind is built."""


@dataclass(frozen=True, slots=True)
class Picture:
    content: bytes
    content_type: str
    width: int
    height: int


def read(content: bytes, *, field: str) -> Picture:
    """The picture without what does not draw it. InvalidInput in one sentence."""
    if len(content) > MOST_BYTES:
        raise InvalidInput.of(field, _("This is larger than %(kb)d KB.") % {"kb": MOST_BYTES // 1024})
    kind = _kind_of(content)
    if kind not in _READERS:
        raise InvalidInput.of(
            field,
            _("This is no PNG and no JPEG. A drawing (SVG) can hold a program, so it is not taken: save it as PNG."),
        )
    try:
        cleaned, width, height = _READERS[kind](content)
    except (UnreadableError, struct.error, IndexError, zlib.error):
        raise InvalidInput.of(field, _("This picture is damaged: save it anew.")) from None
    if not all(LEAST_SIDE <= side <= MOST_SIDE for side in (width, height)):
        known = {"width": width, "height": height, "least": LEAST_SIDE, "most": MOST_SIDE}
        words = _("It is %(width)d by %(height)d pixels; each side has %(least)d to %(most)d.")
        raise InvalidInput.of(field, words % known)
    return Picture(cleaned, kind, width, height)


def _kind_of(content: bytes) -> str:
    try:
        return str(puremagic.from_string(content[:8192], mime=True))
    except (puremagic.PureError, ValueError):
        return ""


def _png(content: bytes) -> tuple[bytes, int, int]:
    chunks = list(_chunks(content))
    if not chunks or chunks[0][0] != b"IHDR" or chunks[-1][0] != b"IEND":
        raise UnreadableError
    width, height = struct.unpack(">II", chunks[0][1][:8])
    kept = (_chunk(name, data) for name, data in chunks if name in _DRAWING)
    return _PNG + b"".join(kept), width, height


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Up to the end of the picture, each with the sum that it says."""
    if not content.startswith(_PNG):
        raise UnreadableError
    at, name = len(_PNG), b""
    while name != b"IEND":
        length, name = struct.unpack(">I4s", content[at : at + 8])
        data = content[at + 8 : at + 8 + length]
        if _chunk(name, data) != content[at : at + 12 + length]:
            raise UnreadableError
        yield name, data
        at += 12 + length


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I4s", len(data), name) + data + struct.pack(">I", zlib.crc32(name + data))


def _jpeg(content: bytes) -> tuple[bytes, int, int]:
    end = content.rfind(b"\xff\xd9")
    if not content.startswith(b"\xff\xd8") or end < 0:
        raise UnreadableError
    kept, size = [b"\xff\xd8"], (0, 0)
    for marker, segment, rest in _segments(content):
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", segment[5:9])
            size = (width, height)
        if not (0xE0 <= marker <= 0xEF or marker == 0xFE) or marker in _KEPT_APPS:
            kept.append(segment)
        if marker == _SCAN:
            # The pixels, and the further scans of a picture that builds up.
            kept.append(content[rest : end + 2])
            break
    return b"".join(kept), *size


def _segments(content: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Each with its marker, and where it ends, up to the first scan."""
    at, marker = 2, 0
    while marker != _SCAN:
        mark, marker, length = struct.unpack(">BBH", content[at : at + 4])
        if mark != 0xFF or length < 2 or marker == _END or at + 2 + length > len(content):
            raise UnreadableError
        yield marker, content[at : at + 2 + length], at + 2 + length
        at += 2 + length


_READERS: Mapping[str, Callable[[bytes], tuple[bytes, int, int]]] = {"image/png": _png, "image/jpeg": _jpeg}
