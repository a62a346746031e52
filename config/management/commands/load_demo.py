"""`manage.py load_demo`: the demo's data on the first start, a new day on each later one."""

import gc
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from common import clock
from config.demo import company, daily, loader, signin


class Command(BaseCommand):
    help = "Loads Meridiano Pay into an empty desk, or begins its next day; writes demo.json. In demo mode only."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo data is for demo mode only: set DEMO=1.", returncode=2)
        clock.synchronise()
        if loader.is_loaded():
            desk = _find()
            daily.absorb(clock.now())
        else:
            desk = _load()
        daily.begin(desk, clock.now())
        signin.write(desk, clock.now())


def _find() -> company.Cast:
    desk = company.find()
    missing = sorted(company.needed() - desk.people.keys())
    if missing:
        raise CommandError(f"The demo misses {', '.join(missing)}; empty its database to begin anew.", returncode=2)
    return desk


def _load() -> company.Cast:
    if not loader.is_empty():
        raise CommandError("This desk has people of its own; the demo is for an empty database.", returncode=2)
    # Six seconds of short-lived objects: looking for rings among them only takes time.
    gc.disable()
    try:
        return loader.load(clock.now())
    finally:
        gc.enable()
