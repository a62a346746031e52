"""`manage.py make_tables`: the last step of an install, so that a first start need not go through the migrations."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from config.launcher.first_tables import has_no_tables, rendered_once
from config.launcher.made_tables import keep_tables


class Command(BaseCommand):
    help = "Keeps the tables of an empty SQLite desk with the installation (tools/venv calls it)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "sqlite" or not has_no_tables():
            raise CommandError("This is for an empty ESCALA_VAR, without DATABASE_URL.")
        with rendered_once():
            call_command("migrate", interactive=False, verbosity=0)
        keep_tables(connection)
