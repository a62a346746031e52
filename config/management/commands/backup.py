"""`manage.py backup FILE`: the database and the attachments in one file, while the desk goes on."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.archive.archive import write_backup
from config.archive.manifest import ArchiveError


class Command(BaseCommand):
    help = "Writes the whole desk (database, attachments, its own secret key) into one file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the zip file to write; it must not exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["file"].absolute()
        try:
            write_backup(target)
        except ArchiveError as error:
            raise CommandError(str(error), returncode=2) from None
        self.stdout.write(
            f"The desk is in {target} ({target.stat().st_size / 1e6:.1f} MB). It holds secrets: keep it safe."
        )
