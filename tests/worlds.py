"""What many tests of one file only look at is made once for all of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from common import clock


@contextmanager
def lasting(blocker: Any, at: datetime) -> Iterator[None]:
    """Within a fixture of a whole file: rows made here stay until it ends; each test takes back its own alone.

    `blocker` is `django_db_blocker`; the fixture asks for `django_db_setup` too. The clock stands at `at` meanwhile.
    """
    with blocker.unblock(), transaction.atomic():
        clock.freeze(at)
        yield
        transaction.set_rollback(True)
