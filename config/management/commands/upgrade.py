"""`manage.py upgrade`: what has to be done after new code was installed, in one command."""

import os
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.addresses import SettingError
from config.archive.archive import back_up_first, is_empty
from config.archive.manifest import ArchiveError
from config.launcher.preparation import finish_collecting, start_collecting, take_lock


class Command(BaseCommand):
    help = "Backs the desk up under var/backups, migrates its tables, collects static files, and checks the whole."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lock = take_lock(settings.VAR_DIR)
        except SettingError as error:
            raise CommandError(str(error), returncode=2) from None
        try:
            self._upgrade()
        except (ArchiveError, SettingError) as error:
            raise CommandError(str(error), returncode=2) from None
        finally:
            os.close(lock)

    def _upgrade(self) -> None:
        if not is_empty():
            self.stdout.write(f"Backed up to {back_up_first()}.")
        call_command("migrate", interactive=False, verbosity=0)
        finish_collecting(start_collecting(settings.ENV.static_root), settings.ENV.static_root)
        call_command("check", fail_level="ERROR")
        self.stdout.write("The desk is up to date.")
