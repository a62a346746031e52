"""The files in a winmail.dat: Outlook's own wrapping (TNEF, MS-OXTNEF), of which only the attachments are read. Pure.

Titles come from the plain attribute or, in full, from the MAPI properties beside it. What is not understood is left;
a stream that breaks off gives nothing, so that the file stays whole as it came.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from mailroom.charsets import decode
from tickets.uploads import COUNT_LIMIT, Upload, safe_name

SIGNATURE = b"\x78\x9f\x3e\x22"
_HEAD = struct.Struct("<BII")
_TITLE, _DATA, _BEGINS, _PROPERTIES = 0x00018010, 0x0006800F, 0x00069002, 0x00069005
_LONG_NAME = 0x3707
_TEXTS = {0x001E: None, 0x001F: "utf-16-le"}
# Sizes of the property types whose values stand as they are (MS-OXTNEF 2.1.3.5).
_FIXED = {0x0002: 4, 0x0003: 4, 0x0004: 4, 0x000A: 4, 0x000B: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x0014: 8, 0x0040: 8,
          0x0048: 16}  # fmt: skip
_VARIABLE = frozenset({0x000D, 0x001E, 0x001F, 0x0102})


@dataclass(slots=True)
class _File:
    title: str = ""
    content: bytes | None = None


def is_tnef(content: bytes) -> bool:
    return content.startswith(SIGNATURE)


def unpack(content: bytes) -> list[Upload]:
    """The files inside; none where the stream is broken."""
    found: list[_File] = []
    try:
        for attribute, value in _attributes(content):
            if attribute == _BEGINS:
                found.append(_File())
            elif found:
                _note(found[-1], attribute, value)
    except (struct.error, ValueError):
        return []
    whole = [one for one in found if one.content is not None]
    return [Upload(safe_name(one.title or "file"), one.content or b"") for one in whole[: COUNT_LIMIT * 2]]


def _note(file: _File, attribute: int, value: bytes) -> None:
    if attribute == _TITLE and not file.title:
        file.title = decode(value.rstrip(b"\x00"), "cp1252")
    elif attribute == _DATA:
        file.content = value
    elif attribute == _PROPERTIES:
        file.title = _long_name(value) or file.title


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    """(name, value) of each; ValueError where one reaches beyond the end."""
    position = 6
    while position < len(content):
        _level, attribute, length = _HEAD.unpack_from(content, position)
        start = position + _HEAD.size
        if start + length + 2 > len(content):
            raise ValueError
        yield attribute, content[start : start + length]
        position = start + length + 2


def _long_name(value: bytes) -> str:
    """The property that holds it; nothing where one before it is of a kind whose length is not known."""
    (count,) = struct.unpack_from("<I", value)
    position = 4
    for _number in range(min(count, 200)):
        kind, name = struct.unpack_from("<HH", value, position)
        position += 4
        if name >= 0x8000 or kind not in {*_FIXED, *_VARIABLE}:
            return ""
        if kind in _FIXED:
            position += _FIXED[kind]
            continue
        parts, length = struct.unpack_from("<II", value, position)
        if parts != 1 or position + 8 + length > len(value):
            return ""
        if name == _LONG_NAME and kind in _TEXTS:
            return decode(value[position + 8 : position + 8 + length], _TEXTS[kind]).rstrip("\x00")
        position += 8 + length + (-length % 4)
    return ""
