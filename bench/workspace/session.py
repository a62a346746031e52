"""A database of our own at one size, ready to be served. Import it once the environment is prepared."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import django

django.setup()

from django.conf import settings  # noqa: E402 - models can be imported from here on
from django.core.management import call_command  # noqa: E402 - the same
from django.db import connection, connections  # noqa: E402 - the same

from api.actions import create_token  # noqa: E402 - the same
from bench.workspace import seeding  # noqa: E402 - the same
from common import clock  # noqa: E402 - the same
from people.models import User  # noqa: E402 - the same

CLIENTS = 8


@dataclass(frozen=True, slots=True)
class Seeded:
    name: str
    now: datetime
    sign_in: tuple[str, str]
    secrets: list[str]

    def drop(self) -> None:
        _use("postgres")
        _run(f'DROP DATABASE "{self.name}" WITH (FORCE)')


def prepare(size: int, name: str) -> Seeded:
    _run(f'CREATE DATABASE "{name}"')
    _use(name)
    call_command("migrate", verbosity=0)
    now = clock.now()
    anna = seeding.seed(size, now)
    people = [anna, *User.objects.filter(email__startswith="agent").order_by("pk")[: CLIENTS - 1]]
    secrets = [create_token(user=user, name="bench", now=now)[1] for user in people]
    return Seeded(name, now, (anna.email, seeding.PASSWORD), secrets)


@contextmanager
def database(name: str) -> Iterator[None]:
    """An empty one, which is the one that is used meanwhile."""
    _use("postgres")
    _run(f'CREATE DATABASE "{name}"')
    _use(name)
    yield
    _use("postgres")
    _run(f'DROP DATABASE "{name}" WITH (FORCE)')


def _use(name: str) -> None:
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
