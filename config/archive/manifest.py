"""What an archive says about itself, and whether this desk can take it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

FORMAT = 1


class ArchiveError(Exception):
    """The archive cannot be made or taken; the message is one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`vendor` is Django's name of the database; `migrations` are "app.name" of all that were applied."""

    vendor: str
    demo: bool
    created_at: str
    migrations: Sequence[str]
    format: int = FORMAT

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=2)


def parse_manifest(text: bytes) -> Manifest:
    try:
        fields: dict[str, Any] = json.loads(text)
        manifest = Manifest(**fields)
    except (ValueError, TypeError):
        raise ArchiveError("This file is not a backup of Escala: its manifest cannot be read.") from None
    if manifest.format != FORMAT:
        raise ArchiveError(f"This backup has format {manifest.format}; this version of Escala reads format {FORMAT}.")
    return manifest


def check_fits(manifest: Manifest, *, vendor: str, demo: bool, known_migrations: frozenset[str]) -> None:
    """Raises `ArchiveError` when the archive belongs to another kind of desk."""
    if manifest.vendor != vendor:
        raise ArchiveError(f"This backup is of {manifest.vendor}, but DATABASE_URL names {vendor}.")
    if manifest.demo != demo:
        theirs, needed = ("a demo desk, whose passwords are public", "1") if manifest.demo else ("a real desk", "0")
        raise ArchiveError(f"This backup is of {theirs}; set DEMO={needed} to restore it.")
    if unknown := sorted(set(manifest.migrations) - known_migrations):
        raise ArchiveError(f"This backup comes from a newer Escala: {unknown[0]} is not known here.")
