"""Counts for people's eyes: as many as are worth counting, and no more.

A count that goes on to the end costs what the desk has grown to: a million rows for one figure in the rail. Nobody
acts otherwise at 1,204 than at 1,000, so every count stops at the first entry beyond `MOST` and says "1,000+".
That needs no counters kept beside the rows, which would have to be right for every person's sight.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

MOST = 1000


def tallies(wanted: Mapping[str, "QuerySet[Any]"]) -> dict[str, int]:
    """How many rows each has, `MOST + 1` where there are more; all in one query."""
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(*counting(wanted.values()))
        return dict(zip(wanted, cursor.fetchone(), strict=True))


def counting(wanted: Iterable["QuerySet[Any]"]) -> tuple[str, list[Any]]:
    """The SQL of such counts with its parameters: one row, a column for each."""
    parts: list[str] = []
    given: list[Any] = []
    for rows in wanted:
        try:
            sql, params = rows.order_by().values("pk")[: MOST + 1].query.sql_with_params()
        except EmptyResultSet:
            parts.append("0")
            continue
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608 - Django's own SQL, with its parameters apart
        given += params
    return "SELECT " + ", ".join(parts), given


def tally(rows: "QuerySet[Any]") -> int:
    """The same for one."""
    return tallies({"": rows})[""]
