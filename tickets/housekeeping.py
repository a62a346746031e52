"""Files that no message and no draft knows: a transaction that was rolled back leaves its files on the disk."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import Storage, default_storage

from tickets.models import Attachment, DraftFile

# A file lies there before the row that names it is committed.
YOUNGEST = timedelta(days=1)
BATCH = 500


def remove_stray_files(*, now: datetime) -> int:
    """Remove stored files that are older than a day and belong to no attachment and no draft; returns how many."""
    return sum(_remove(folder, names, now) for folder, names in _folders(default_storage))


def _remove(folder: str, names: list[str], now: datetime) -> int:
    paths = [f"{folder}{name}" for name in names]
    removed = 0
    for start in range(0, len(paths), BATCH):
        batch = paths[start : start + BATCH]
        known = set(Attachment.objects.filter(stored__in=batch).values_list("stored", flat=True))
        known |= set(DraftFile.objects.filter(stored__in=batch).values_list("stored", flat=True))
        for path in batch:
            if path not in known and default_storage.get_modified_time(path) < now - YOUNGEST:
                default_storage.delete(path)
                removed += 1
    return removed


def _folders(storage: Storage, folder: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every folder with the names of the files in it."""
    try:
        folders, names = storage.listdir(folder or ".")
    except FileNotFoundError:
        return
    yield folder, names
    for inner in folders:
        yield from _folders(storage, f"{folder}{inner}/")
