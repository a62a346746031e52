"""Attachments: bounded, typed by their bytes, stored under random names (SECURITY)."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath

import puremagic
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.text import flatten
from tickets.models import Attachment, Message

SIZE_LIMIT = 20 * 1024 * 1024
COUNT_LIMIT = 10

# What a browser may be told about a file. Anything else is a stream of bytes.
KNOWN_TYPES = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "application/zip", "text/plain"}
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file from outside: the name that its sender gave, and its bytes."""

    name: str
    content: bytes


def check(uploads: Iterable[Upload]) -> list[Upload]:
    """The uploads, or InvalidInput before anything is stored."""
    files = list(uploads)
    if len(files) > COUNT_LIMIT:
        raise InvalidInput.of("attachments", _("At most %(count)d files go with one message.") % {"count": COUNT_LIMIT})
    for upload in files:
        if len(upload.content) > SIZE_LIMIT:
            raise InvalidInput.of(
                "attachments",
                _("“%(name)s” is larger than %(limit)d MB.")
                % {"name": safe_name(upload.name), "limit": SIZE_LIMIT // 1024 // 1024},
            )
    return files


def attach(message: Message, uploads: Iterable[Upload]) -> list[Attachment]:
    """Store checked uploads on a message. The file's name on disk is random."""
    return [_store(message, upload) for upload in uploads]


def type_of(content: bytes) -> str:
    """The MIME type from the bytes alone; the name and the sender's claim are not asked."""
    try:
        found = str(puremagic.from_string(content[:8192], mime=True))
    except (puremagic.PureError, ValueError):
        found = ""
    if found in KNOWN_TYPES:
        return found
    return "text/plain" if _is_text(content) else "application/octet-stream"


def safe_name(name: str) -> str:
    """The last part of a path in either style, without control characters."""
    last = PurePosixPath(PureWindowsPath(flatten(name, limit=400)).name).name.strip(". ")
    return last[-150:] or "file"


def _is_text(content: bytes) -> bool:
    if b"\x00" in content or content.lstrip()[:1] == b"<":
        return False
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _store(message: Message, upload: Upload) -> Attachment:
    attachment = Attachment(
        message=message,
        name=safe_name(upload.name),
        content_type=type_of(upload.content),
        size=len(upload.content),
        sha256=hashlib.sha256(upload.content).hexdigest(),
    )
    attachment.stored.save(secrets.token_hex(16), ContentFile(upload.content), save=False)
    attachment.save()
    return attachment
