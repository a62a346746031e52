"""`manage.py restore FILE`: puts a backup in this desk's place. No clock is lost: what fell due meanwhile is swept."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.addresses import SettingError
from config.archive.archive import read_backup
from config.archive.manifest import ArchiveError
from config.launcher.preparation import take_lock


class Command(BaseCommand):
    help = "Restores a backup into an empty desk that is not running, and migrates it to this version."
    # The tables that checks may ask for are about to be replaced.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a file that `backup` has written")
        parser.add_argument("--force", action="store_true", help="replace everything that is in this desk")

    def handle(self, *args: Any, **options: Any) -> None:
        source: Path = options["file"].absolute()
        try:
            lock = take_lock(settings.VAR_DIR)
        except SettingError as error:
            raise CommandError(str(error), returncode=2) from None
        try:
            read_backup(source, force=options["force"])
            call_command("migrate", interactive=False, verbosity=0)
        except ArchiveError as error:
            raise CommandError(str(error), returncode=2) from None
        finally:
            os.close(lock)
        self.stdout.write(
            f"The desk of {source} is restored. Start it: clocks that fell due meanwhile are found at once."
        )
