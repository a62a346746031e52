"""Walk over what is due, oldest first, in batches, each row once."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet


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
