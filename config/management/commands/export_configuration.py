"""`manage.py export_configuration FILE`: see docs/settings.md."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from desk.bundle.bringing import bundle


class Command(BaseCommand):
    help = "Writes the desk's configuration as one text; without a file to the screen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")

    def handle(self, *args: Any, **options: Any) -> None:
        written = bundle()
        if options["file"]:
            options["file"].write_text(written, encoding="utf-8")
        else:
            self.stdout.write(written, ending="")
