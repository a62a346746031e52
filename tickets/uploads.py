"""Files from outside before anybody keeps them: their bounds and their names. Pure: no model is asked."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath

from common.text import flatten

SIZE_LIMIT = 20 * 1024 * 1024
COUNT_LIMIT = 10
NAME_LIMIT = 150

# What these ends of a name promise, as a MIME type.
_PROMISES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".pdf": "application/pdf",
}
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file from outside: the name that its sender gave, and its bytes."""

    name: str
    content: bytes

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.content)


def belies(name: str, content_type: str) -> bool:
    """Whether the bytes are not what the name says: a program that is called photo.png."""
    return _PROMISES.get(PurePosixPath(name.lower()).suffix, content_type) != content_type


def safe_name(name: str) -> str:
    """The last part of a path in either style, without anything that is not seen: `a<zero width>.exe` is `a.exe`."""
    seen = "".join(character for character in flatten(name, limit=400) if unicodedata.category(character) != "Cf")
    last = PurePosixPath(PureWindowsPath(seen).name).name
    return _BLANKS.sub(" ", last).strip(". ")[-NAME_LIMIT:] or "file"
