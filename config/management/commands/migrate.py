"""`manage.py migrate` as Django has it, and quick where there is nothing yet: a first start, a test, a trial."""

from contextlib import nullcontext
from typing import Any

from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS

from config.launcher.first_tables import has_no_tables, rendered_once


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        whole = options["database"] == DEFAULT_DB_ALIAS and not options["app_label"]
        with rendered_once() if whole and has_no_tables() else nullcontext():
            super().handle(*args, **options)
