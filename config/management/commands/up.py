"""`manage.py up`: the whole desk with one command, until Ctrl-C."""

import os
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from config.launcher.console import say
from config.launcher.desk import Desk, announce
from config.launcher.tether import hold_on_to


class Stopped(BaseException):
    """A signal asked the launcher to end; not an error, so no `except Exception` may swallow it."""


class Command(BaseCommand):
    help = "Starts web, worker, beat, watchdog and, without REDIS_URL, the broker; stops them all together."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--with-parent", action="store_true", help="stop when the calling process (make) is killed")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["with_parent"]:
            hold_on_to(os.getppid(), signal.SIGTERM)
        os.umask(0o077)
        _stop_on(signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        try:
            with Desk(settings.ENV) as desk:
                try:
                    desk.prepare()
                    desk.serve(lambda seconds: announce(settings.ENV, seconds))
                finally:
                    # A second Ctrl-C does not interrupt the stopping: it is bounded in time anyway.
                    _ignore(signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        except Stopped:
            say("All processes are stopped.")


def _stop_on(*numbers: signal.Signals) -> None:
    def stop(number: int, frame: object) -> None:
        raise Stopped

    for number in numbers:
        signal.signal(number, stop)


def _ignore(*numbers: signal.Signals) -> None:
    for number in numbers:
        signal.signal(number, signal.SIG_IGN)
