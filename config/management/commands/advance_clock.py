"""`manage.py advance_clock 6h`: the desk believes that it is later. For demonstrations and tests only."""

import re
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock

UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
PART = re.compile(r"(\d{1,6})([dhms])")


class Command(BaseCommand):
    help = "Moves the desk's time forward (demo mode only), for every process of the desk."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("duration", help="such as 6h, 45m, 90s or 1d12h")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The clock can be moved in demo mode only.", returncode=2)
        by = parse_duration(options["duration"])
        if by is None:
            raise CommandError(f"{options['duration']!r} is no duration; write 6h, 45m, 90s or 1d12h.", returncode=2)
        clock.advance(by)
        self.stdout.write(f"It is now {clock.now():%Y-%m-%d %H:%M:%S} UTC in this desk.")


def parse_duration(text: str) -> timedelta | None:
    """`1d12h` as a timedelta; None when the text is anything else, or nothing at all."""
    parts = PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    return sum((timedelta(**{UNITS[unit]: int(number)}) for number, unit in parts), timedelta())
