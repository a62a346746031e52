"""`manage.py import_configuration FILE`: see docs/settings.md."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock
from common.errors import InvalidInput
from common.text import counted
from desk.bundle.bringing import Report, bring_in, look


class Command(BaseCommand):
    help = "Brings a bundle of configuration in: all of it, or nothing where something is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="change nothing, say what would change")

    def handle(self, *args: Any, **options: Any) -> None:
        clock.synchronise()
        try:
            given = options["file"].read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['file']} cannot be read: {error}", returncode=2) from None
        try:
            report = (look if options["dry_run"] else bring_in)(given, by=None, now=clock.now())
        except InvalidInput as error:
            raise CommandError(str(error), returncode=2) from None
        self._tell(report, dry_run=options["dry_run"])

    def _tell(self, report: Report, *, dry_run: bool) -> None:
        for one in report.brought:
            self.stdout.write(f"{'changes' if one.before else 'new'}: {one.table.title}, {one.key}")
        if report.errors:
            for sentence in report.errors:
                self.stderr.write(sentence)
            raise CommandError(f"{counted(len(report.errors), 'thing')} to mend; nothing was changed.", returncode=1)
        verb = "would be" if dry_run else "are"
        self.stdout.write(
            f"{len(report.made)} {verb} new, {len(report.changed)} {verb} changed, {report.same} are as they were."
        )
