"""Attachments: bounded, typed by their bytes, stored under random names (SECURITY)."""

import hashlib
import secrets
from collections.abc import Iterable
from typing import TypeVar

import puremagic
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from tickets.models import Attachment, Draft, DraftFile, Message
from tickets.uploads import COUNT_LIMIT, SIZE_LIMIT, Upload, safe_name

__all__ = ["COUNT_LIMIT", "SIZE_LIMIT", "File", "Upload", "attach", "check", "keep", "safe_name", "type_of"]

_Row = TypeVar("_Row", Attachment, DraftFile)

# What a browser may be told about a file. Anything else is a stream of bytes.
KNOWN_TYPES = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "application/zip", "text/plain"}
)


# What goes with a message: bytes from outside, or a file that was kept on its draft.
File = Upload | DraftFile


_File = TypeVar("_File", bound=File)


def check(uploads: Iterable[_File]) -> list[_File]:
    """The files, or InvalidInput before anything is stored."""
    files = list(uploads)
    if len(files) > COUNT_LIMIT:
        raise InvalidInput.of("attachments", _("At most %(count)d files go with one message.") % {"count": COUNT_LIMIT})
    for upload in files:
        if upload.size > SIZE_LIMIT:
            raise InvalidInput.of(
                "attachments",
                _("“%(name)s” is larger than %(limit)d MB.")
                % {"name": safe_name(upload.name), "limit": SIZE_LIMIT // 1024 // 1024},
            )
    return files


def attach(message: Message, uploads: Iterable[File]) -> list[Attachment]:
    """Put checked files on a message. The name on the disk is random, and stays when a draft's file changes hands."""
    return [
        _store(upload, Attachment(message=message)) if isinstance(upload, Upload) else _take_over(message, upload)
        for upload in uploads
    ]


def keep(draft: Draft, upload: Upload) -> DraftFile:
    """Store one checked upload on a draft."""
    return _store(upload, DraftFile(draft=draft))


def type_of(content: bytes) -> str:
    """The MIME type from the bytes alone; the name and the sender's claim are not asked."""
    try:
        found = str(puremagic.from_string(content[:8192], mime=True))
    except (puremagic.PureError, ValueError):
        found = ""
    if found in KNOWN_TYPES:
        return found
    return "text/plain" if _is_text(content) else "application/octet-stream"


def _is_text(content: bytes) -> bool:
    if b"\x00" in content or content.lstrip()[:1] == b"<":
        return False
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _store(upload: Upload, row: _Row) -> _Row:
    row.name = safe_name(upload.name)
    row.content_type = type_of(upload.content)
    row.size = upload.size
    row.sha256 = hashlib.sha256(upload.content).hexdigest()
    row.stored.save(secrets.token_hex(16), ContentFile(upload.content), save=False)
    row.save()
    return row


def _take_over(message: Message, kept: DraftFile) -> Attachment:
    return Attachment.objects.create(
        message=message,
        name=kept.name,
        content_type=kept.content_type,
        size=kept.size,
        sha256=kept.sha256,
        stored=kept.stored.name,
    )
