"""`manage.py import_tickets FILE.csv`, or `--django-helpdesk DATABASE`: see docs/importing.md."""

import csv
import sys
import zoneinfo
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock
from common.text import counted, flatten
from config.importing.helpdesk import Helpdesk
from config.importing.matters import Found, Refusal, SourceError
from config.importing.reading import opened
from config.importing.table import read
from config.importing.writing import Importer, Report

SHOWN = 20
FORMULA = ("=", "+", "-", "@")


class Command(BaseCommand):
    help = "Imports tickets from a CSV file or from django-helpdesk; a second run adds only what is new."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="a CSV file; its columns are in docs/importing.md")
        parser.add_argument("--django-helpdesk", metavar="DATABASE", help="an SQLite file or postgresql://… to read")
        parser.add_argument("--dry-run", action="store_true", help="write nothing, report the same")
        parser.add_argument("--report", type=Path, metavar="FILE", help="a CSV file for what was refused and why")
        parser.add_argument("--source", help="a name for the other desk, if there is more than one of its kind")
        parser.add_argument("--team", action="append", default=[], metavar="THEIRS=OURS", help="their queue, our team")
        parser.add_argument("--time-zone", metavar="ZONE", help="the zone of times that name none")
        parser.add_argument("--encoding", default="utf-8-sig", help="of the CSV file; UTF-8 if not given")
        parser.add_argument("--media", type=Path, metavar="FOLDER", help="django-helpdesk's folder of attached files")
        parser.add_argument("--user-table", default="auth_user", help="where django-helpdesk's people are")
        parser.add_argument("--start-clocks", action="store_true", help="promise anew, from now on, on open tickets")

    def handle(self, *args: Any, **options: Any) -> None:
        clock.synchronise()
        if bool(options["file"]) == bool(options["django_helpdesk"]):
            raise CommandError("Name either a CSV file or --django-helpdesk DATABASE.", returncode=2)
        importer = Importer(
            source=options["source"] or ("django-helpdesk" if options["django_helpdesk"] else "csv"),
            now=clock.now(),
            teams=_teams(options["team"]),
            dry_run=options["dry_run"],
            start_clocks=options["start_clocks"],
        )
        try:
            with self._found(options, importer) as found:
                report = importer.run(found, self._progress())
        except SourceError as error:
            raise CommandError(str(error), returncode=2) from None
        self._tell(report, dry_run=importer.dry_run)
        if options["report"]:
            _write(options["report"], report.refusals)

    @contextmanager
    def _found(self, options: dict[str, Any], importer: Importer) -> Iterator[Iterable[Found]]:
        zone = _zone(options["time_zone"])
        if options["file"]:
            table = read(options["file"], encoding=options["encoding"], zone=zone, now=importer.now)
            if table.unread:
                self.stdout.write(f"Columns that nobody reads: {', '.join(table.unread)}.")
            yield table.found
            return
        with opened(options["django_helpdesk"]) as database:
            yield Helpdesk(
                database,
                importer.now,
                zone or zoneinfo.ZoneInfo("UTC"),
                media=options["media"],
                user_table=options["user_table"],
            ).found()

    def _progress(self) -> Any:
        """A counter that moves, for somebody who looks at it."""
        if not sys.stderr.isatty():
            return lambda _done: None
        return lambda done: self.stderr.write(f"\r{counted(done, 'ticket')} read", ending="")

    def _tell(self, report: Report, *, dry_run: bool) -> None:
        if sys.stderr.isatty():
            self.stderr.write("\r", ending="")
        done = "would be imported" if dry_run else "imported"
        self.stdout.write(
            f"{counted(report.tickets, 'ticket')} with {counted(report.messages, 'message')} {done}; "
            f"{report.known} {'was' if report.known == 1 else 'were'} here already; {len(report.refusals)} refused."
        )
        for refusal in report.refusals[:SHOWN]:
            self.stdout.write(f"  {refusal.where} (id {_plain(refusal.key) or '—'}): {_plain(refusal.why)}")
        if len(report.refusals) > SHOWN:
            self.stdout.write(f"  and {len(report.refusals) - SHOWN} more; --report FILE.csv writes them all down.")


def _teams(given: list[str]) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in given]
    if not all(theirs and equals for theirs, equals, _ours in pairs):
        raise CommandError("--team takes THEIRS=OURS, such as --team support=payments.", returncode=2)
    return {theirs: ours for theirs, _equals, ours in pairs}


def _zone(name: str | None) -> zoneinfo.ZoneInfo | None:
    try:
        return zoneinfo.ZoneInfo(name) if name else None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise CommandError(f"There is no time zone “{name}”; write one like Europe/Madrid.", returncode=2) from None


def _write(path: Path, refusals: list[Refusal]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["where", "id", "why"])
        writer.writerows([refusal.where, _plain(refusal.key), _plain(refusal.why)] for refusal in refusals)


def _plain(cell: str) -> str:
    """What can be printed; what a spreadsheet would take for a formula gets an apostrophe (SECURITY)."""
    text = flatten(cell, limit=400)
    return f"'{text}" if text.startswith(FORMULA) else text
