"""One bad row stops nobody (DESIGN §3.5): what fails in a round that others share is counted, and tried again later.

For rows that keep no count of their own. Nothing is given up: what fails for good is tried every hour, and stands on
the page of the desk's health from its third failure on.
"""

import logging
from collections.abc import Callable, Collection, Hashable, Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import Error, InterfaceError, OperationalError, transaction
from django.db.models import Count, QuerySet

from common.models import Setback

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(hours=1)
# From here on people are told.
MANY = 3
# What has not been tried for so long is not there any more, or was done by another way.
FORGOTTEN_AFTER = timedelta(days=1)
# Mostly nobody's fault: the database is away, or another holds the row. It rests for a moment, and counts for nothing.
PASSING = (OperationalError, InterfaceError)
_Key = TypeVar("_Key", bound=Hashable)


class Round:
    """One round over rows, by their keys; what failed lately is left alone until its time.

    `is_kept_here_alone`: nothing but its setback leads back to a row that failed. Where that cannot be written it
    raises, for the round's own transaction to fail with it.
    """

    def __init__(self, name: str, now: datetime, *, is_kept_here_alone: bool = False) -> None:
        self._name, self._now, self._is_kept_here_alone = name, now, is_kept_here_alone
        self._known = {one.key: one for one in Setback.objects.filter(round=name)}

    def open(self, rows: QuerySet[Any], field: str = "pk") -> QuerySet[Any]:
        """Those whose time it is: a batch of the oldest is never one of failures alone."""
        later = [key for key, one in self._known.items() if one.next_try_at > self._now]
        return rows.exclude(**{f"{field}__in": later}) if later else rows

    def due(self) -> list[str]:
        """What failed before and is to be tried now, for a round that meets each row but once."""
        return [key for key, one in self._known.items() if one.next_try_at <= self._now]

    def each(self, keys: Iterable[_Key], act: Callable[[_Key], Any]) -> int:
        """`act` on each, in a transaction of its own making; how many it did, by its own count. Raises for none."""
        done = (self.attempt(key, act) for key in keys)
        return sum(count for count in done if isinstance(count, int))

    def attempt(self, key: _Key, act: Callable[[_Key], Any]) -> Any:
        """What `act` gives; None where it failed, or where it is not its time."""
        known = self._known.get(str(key))
        if known is not None and known.next_try_at > self._now:
            return None
        try:
            done = act(key)
        except PASSING as error:
            logger.warning("Round “%s” waits for the database with %s: %s", self._name, key, error)
            self._rest(str(key), error, known.attempts if known else 0, FIRST_PAUSE)
            return None
        except Exception as error:
            self._put_off(str(key), error)
            return None
        if known is not None:
            Setback.objects.filter(pk=known.pk).delete()
        return done

    def _put_off(self, key: str, error: Exception) -> None:
        logger.exception("Round “%s” failed with %s.", self._name, key)
        attempts = self._known[key].attempts + 1 if key in self._known else 1
        pause = min(FIRST_PAUSE * 2 ** min(attempts - 1, 12), LONGEST_PAUSE)
        self._rest(key, error, attempts, pause)

    def _rest(self, key: str, error: Exception, attempts: int, pause: timedelta) -> None:
        said = {"attempts": min(attempts, 9999), "next_try_at": self._now + pause, "error": type(error).__name__[:100]}
        try:
            with transaction.atomic():
                Setback.objects.update_or_create(round=self._name, key=key, defaults=said)
        except Error:
            if self._is_kept_here_alone:
                raise
            logger.warning("Round “%s” could not put off %s; the next round meets it again.", self._name, key)


def many() -> dict[str, int]:
    """What people are told of, for it failed again and again: how many rows, by the names of their rounds."""
    rows = Setback.objects.filter(attempts__gte=MANY).order_by("round").values_list("round")
    return dict(rows.annotate(Count("pk")))


def forget_old(*, now: datetime, but: Collection[str] = ()) -> None:
    """`but`: rounds whose rows are kept there alone."""
    Setback.objects.filter(next_try_at__lt=now - FORGOTTEN_AFTER).exclude(round__in=but).delete()
