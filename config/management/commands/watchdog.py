"""`manage.py watchdog`: does the engine's work itself when nobody else has done it for ten seconds."""

from typing import Any

from django.core.management.base import BaseCommand

from config import vigil


class Command(BaseCommand):
    help = "Runs the sweep and the deliveries whenever the last completed round is older than ten seconds."

    def handle(self, *args: Any, **options: Any) -> None:
        vigil.keep()
