"""Walk over what is due, oldest first, in batches, each row once."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Model, Q, QuerySet


def oldest_first(rows: QuerySet[Any], moment: str, size: int) -> Iterator[list[int]]:
    """Primary keys in the order of the column `moment`, `size` at a time, until none is left.

    Goes on behind the last key seen instead of asking from the beginning: a row that could not be handled (locked,
    failed) is not met again in this walk, and one that becomes due meanwhile is, if its moment is later.
    """
    last: tuple[Any, int] | None = None
    while True:
        page = rows
        if last is not None:
            page = rows.filter(Q(**{f"{moment}__gt": last[0]}) | Q(**{moment: last[0], "pk__gt": last[1]}))
        found = list(page.order_by(moment, "pk").values_list(moment, "pk")[:size])
        if not found:
            return
        last = found[-1]
        yield [key for _, key in found]


def share(rows: Sequence[Model], name: str, records: QuerySet[Any]) -> None:
    """Let rows that point at few records by the foreign key `name` have the very same instances of them.

    A join would read and make each row its own, working hours and conditions included.
    """
    keys = {getattr(row, f"{name}_id") for row in rows} - {None}
    found = records.in_bulk(list(keys)) if keys else {}
    for row in rows:
        key = getattr(row, f"{name}_id")
        if key in found:
            setattr(row, name, found[key])
