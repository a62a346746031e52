"""Reading behind the writers of a table whose rows are only ever added, without missing one.

Keys are given out before they are committed, so a row may become visible after one with a greater key. PostgreSQL says
which transactions still go on: what lies below a key is complete once all those have ended that went on when that key
was the newest, which have lower numbers than one that is given out after that. Whoever adds a row holds a lock first,
and so has a transaction's number, before its key is given out. SQLite has one writer at a time, and nothing comes late.
See decisions 33 and 34.
"""

from typing import Any, NamedTuple

from django.db import connection, models
from django.db.models import Max, QuerySet


class Part(NamedTuple):
    """The rows with keys above `after`, up to `until`."""

    after: int
    until: int


class Tail(models.Model):
    """How far somebody has read. Everything is looked at twice: when it is new, and once more when it is complete.

    Up to `settled` no other row can ever become visible. Whoever reads holds the row's lock, does with both looks the
    same thing, which twice is as good as once, and saves it in that transaction.
    """

    newest = models.BigIntegerField()
    settled = models.BigIntegerField()
    horizon = models.BigIntegerField()
    # A transaction that began after `horizon` was the newest; 0 where the database writes one after the other.
    awaited = models.BigIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"up to {self.newest}"

    def advance(self, rows: "QuerySet[Any]", *, most: int) -> list[Part]:
        """What is to be looked at now: what has become complete, then at most so many new rows. In memory only."""
        parts = []
        before = self.newest
        if connection.vendor == "postgresql":
            # Its own number is given out with the lock, when `newest` had been seen; what is new is asked for later.
            if _oldest() >= self.awaited:
                parts.append(Part(self.settled, self.horizon))
                self.settled, self.horizon, self.awaited = self.horizon, self.newest, _own()
            self.newest = _behind(rows, self.newest, most)
        else:
            self.newest = self.settled = self.horizon = _behind(rows, self.newest, most)
        parts.append(Part(before, self.newest))
        return [part for part in parts if part.after < part.until]


def at_the_end(rows: "QuerySet[Any]") -> dict[str, int]:
    """The columns of a tail whose reader wants to hear of what happens from now on, and may have heard of the rest.

    What others are writing at this moment it may miss; who reads all that was before as well, waits until `is_over`.
    """
    newest = int(rows.aggregate(newest=Max("pk"))["newest"] or 0)
    return {"newest": newest, "settled": newest, "horizon": newest, "awaited": 0}


def going_on() -> int:
    """What `is_over` has to be asked of, to know that all has ended that goes on when this transaction writes first."""
    return _own() if connection.vendor == "postgresql" else 0


def is_over(those: int) -> bool:
    return connection.vendor != "postgresql" or _oldest() >= those


class Holder(NamedTuple):
    """A process of the database whose transaction goes on: its number there, what it calls itself, since when."""

    process: int
    name: str
    seconds: int


def holders(those: int) -> list[Holder]:
    """Why `is_over` is not true yet, as far as this user of the database may see it; the oldest first."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        # Numbers of transactions go round; their ages do not.
        cursor.execute(
            "SELECT pid, application_name, extract(epoch FROM clock_timestamp() - xact_start)::bigint"
            " FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND age(backend_xid) > age(%s::text::xid)"
            " ORDER BY xact_start",
            [str(those % 2**32)],
        )
        return [Holder(*row) for row in cursor.fetchall()]


def _behind(rows: "QuerySet[Any]", after: int, most: int) -> int:
    ahead = rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:most]
    return max(ahead, default=after)


def _oldest() -> int:
    """No transaction with a lower number goes on."""
    return _number("pg_snapshot_xmin(pg_current_snapshot())")


def _own() -> int:
    """This transaction's. The end of a snapshot is no such bound: what has begun, and is the newest, lies beyond it."""
    return _number("pg_current_xact_id()")


def _number(of: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {of}::text::bigint")
        return int(cursor.fetchone()[0])
