"""A mail's raw bytes as text for a reader: bounded, and with nothing in it that a terminal or a page obeys. Pure."""

import re

SHOWN_LIMIT = 200_000

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def as_text(raw: bytes, *, limit: int = SHOWN_LIMIT) -> str:
    """The source, eight-bit bytes read as UTF-8 where they are; a control character is shown by its number."""
    text = raw[:limit].replace(b"\r\n", b"\n").decode("utf-8", "backslashreplace")
    shown = _UNSEEN.sub(lambda found: f"\\x{ord(found.group()):02x}", text)
    return f"{shown}\n[…]" if len(raw) > limit else shown
