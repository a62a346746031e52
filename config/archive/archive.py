"""A whole desk into one file, and back."""

import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from common import clock
from config.archive.manifest import ArchiveError, Manifest, check_fits, parse_manifest
from config.archive.snapshots import SNAPSHOTS
from config.secret import secret_file

MANIFEST, DATABASE, ATTACHMENTS, SECRET = "manifest.json", "database", "attachments", "secret_key"


def write_backup(target: Path) -> None:
    """Make the archive under another name first, so that a broken one is never taken for a whole one."""
    if target.exists():
        raise ArchiveError(f"{target} exists already; name another file.")
    if not target.parent.is_dir():
        raise ArchiveError(f"{target.parent} is not a folder.")
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        with _working_folder(target.parent) as folder:
            # The database first: every attachment that its rows name is a file by now, and files are never changed.
            SNAPSHOTS[connection.vendor]().dump(folder / DATABASE)
            _pack(unfinished, folder / DATABASE)
        unfinished.replace(target)
    except OSError as error:
        raise ArchiveError(f"{target} cannot be written: {error.strerror}.") from None
    finally:
        unfinished.unlink(missing_ok=True)


def read_backup(source: Path, *, force: bool) -> None:
    """Put the archive in this desk's place. The desk must stand still; the caller holds its lock."""
    try:
        with zipfile.ZipFile(source) as archive:
            _check(archive)
            if not force and not is_empty():
                raise ArchiveError("This desk is not empty; --force replaces everything that is in it.")
            _unpack(archive)
    except (zipfile.BadZipFile, EOFError):
        raise ArchiveError(f"{source} is not a backup of Escala, or is damaged.") from None
    except OSError as error:
        raise ArchiveError(f"{source} cannot be restored: {error.strerror}.") from None


def back_up_first() -> Path:
    """A backup named after this moment, so that an upgrade can be undone by `restore --force`."""
    folder = settings.VAR_DIR / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"before-upgrade-{clock.now():%Y%m%d-%H%M%S}.zip"
    write_backup(target)
    return target


def is_empty() -> bool:
    """Nobody has ever signed up here: no table of people yet, or none in it."""
    try:
        return not get_user_model()._default_manager.exists()
    except DatabaseError:
        return True


def _pack(unfinished: Path, database: Path) -> None:
    unfinished.touch(mode=0o600)
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        archive.writestr(MANIFEST, _manifest().as_json())
        archive.write(database, DATABASE)
        if settings.ENV.secret_is_kept:
            archive.write(secret_file(settings.VAR_DIR), SECRET)
        for path in sorted(Path(settings.MEDIA_ROOT).rglob("*")):
            if path.is_file():
                archive.write(path, f"{ATTACHMENTS}/{path.relative_to(settings.MEDIA_ROOT).as_posix()}")


def _manifest() -> Manifest:
    applied = MigrationLoader(connection).applied_migrations or {}
    return Manifest(
        vendor=connection.vendor,
        demo=settings.DEMO,
        created_at=clock.now().isoformat(),
        migrations=sorted(".".join(key) for key in applied),
    )


def _check(archive: zipfile.ZipFile) -> None:
    if not {MANIFEST, DATABASE} <= set(archive.namelist()):
        raise ArchiveError("This file is not a backup of Escala: it holds no database.")
    if damaged := archive.testzip():
        raise ArchiveError(f"The backup is damaged: {damaged} does not have its checksum.")
    known = frozenset(".".join(key) for key in MigrationLoader(None).disk_migrations)
    manifest = parse_manifest(archive.read(MANIFEST))
    check_fits(manifest, vendor=connection.vendor, demo=settings.DEMO, known_migrations=known)
    for name in archive.namelist():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name:
            raise ArchiveError("The backup holds a file that would land outside of the desk; it is refused.")


def _unpack(archive: zipfile.ZipFile) -> None:
    """Everything is written beside its place first; the places are changed when all of it lies there."""
    media = Path(settings.MEDIA_ROOT)
    with _working_folder(settings.VAR_DIR) as folder:
        archive.extractall(folder)
        (folder / ATTACHMENTS).mkdir(exist_ok=True)
        SNAPSHOTS[connection.vendor]().load(folder / DATABASE)
        if media.exists():
            media.rename(folder / "replaced")
        media.parent.mkdir(parents=True, exist_ok=True)
        (folder / ATTACHMENTS).rename(media)
        if (folder / SECRET).exists() and settings.ENV.secret_is_kept:
            (folder / SECRET).chmod(0o600)
            (folder / SECRET).replace(secret_file(settings.VAR_DIR))


@contextmanager
def _working_folder(beside: Path) -> Iterator[Path]:
    """On the same disk as the target, readable by its owner only."""
    beside.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".escala-", dir=beside))
    umask = os.umask(0o077)
    try:
        yield folder
    finally:
        os.umask(umask)
        shutil.rmtree(folder, ignore_errors=True)
