"""`manage.py export_events`: the timeline for a warehouse, from a cursor on, as lines of JSON or as a Parquet file."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from common import clock
from reports import keeping, parquet
from reports.warehouse import events


class Command(BaseCommand):
    help = "Writes the events behind a cursor; the last line on the error output is the cursor to go on from."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--after", type=int, default=0, help="go on behind this cursor; from the beginning without")
        parser.add_argument("--parquet", type=Path, metavar="FILE", help="write a Parquet file; without, lines of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        after, to = options["after"], options["parquet"]
        if after < 0:
            raise CommandError("--after takes the cursor of an earlier run, or 0.", returncode=2)
        clock.synchronise()
        keeping.run()
        last = self._as_parquet(after, to) if to is not None else self._as_lines(after)
        self.stderr.write(f"cursor {last or after}")

    def _as_parquet(self, after: int, to: Path) -> int:
        if not parquet.is_available():
            raise CommandError("Parquet takes the extra “warehouse”: pip install 'escala[warehouse]'.", returncode=2)
        if not to.parent.is_dir():
            raise CommandError(f"There is no folder {to.parent}.", returncode=2)
        return parquet.write(events(after=after), to)

    def _as_lines(self, after: int) -> int:
        last = 0
        for line in events(after=after):
            sys.stdout.write(json.dumps(line, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n")
            last = line["cursor"]
        return last
