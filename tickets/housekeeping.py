"""Files that no row knows: a transaction that was rolled back leaves its files on the disk."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.apps import apps
from django.core.files.storage import Storage, default_storage
from django.db.models import FileField

# A file lies there before the row that names it is committed.
YOUNGEST = timedelta(days=1)
BATCH = 500


def remove_stray_files(*, now: datetime) -> int:
    """Remove stored files that are older than a day and that no row names; returns how many."""
    return sum(_remove(folder, names, now) for folder, names in _folders(default_storage))


def _remove(folder: str, names: list[str], now: datetime) -> int:
    paths = [f"{folder}{name}" for name in names]
    removed = 0
    for start in range(0, len(paths), BATCH):
        batch = paths[start : start + BATCH]
        known = {name for column in _columns() for name in _stored(column, batch)}
        for path in batch:
            if path not in known and default_storage.get_modified_time(path) < now - YOUNGEST:
                default_storage.delete(path)
                removed += 1
    return removed


def _columns() -> "list[FileField]":
    """Every column that names files, those of floors above too."""
    return [one for model in apps.get_models() for one in model._meta.concrete_fields if isinstance(one, FileField)]


def _stored(column: FileField, paths: list[str]) -> Iterable[str]:
    rows = column.model._base_manager.filter(**{f"{column.name}__in": paths})
    return rows.values_list(column.name, flat=True)


def _folders(storage: Storage, folder: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every folder with the names of the files in it."""
    try:
        folders, names = storage.listdir(folder or ".")
    except FileNotFoundError:
        return
    yield folder, names
    for inner in folders:
        yield from _folders(storage, f"{folder}{inner}/")
