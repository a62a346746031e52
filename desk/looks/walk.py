"""Lists that are walked page by page behind a place, however long they are: what comes meanwhile moves no row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.utils.dateparse import parse_datetime

from common.numbers import whole

PAGE = 50
LONGEST = 300

_Row = TypeVar("_Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Walked(Generic[_Row]):
    """One page; `after` leads to the next, if there is one, and `is_further` says that others are before it."""

    rows: list[_Row]
    after: str
    is_further: bool


def newest_first(rows: "QuerySet[_Row]", column: str, after: str, *, size: int = PAGE) -> Walked[_Row]:
    """By a moment and the key, behind a place `moment_key`."""
    rows = rows.order_by(f"-{column}", "-pk")
    place = _moment(after)
    behind = None
    if place is not None:
        at, pk = place
        behind = rows.filter(**{f"{column}__lte": at}).exclude(**{column: at, "pk__gte": pk})
    return _walked(rows, behind, lambda row: f"{getattr(row, column).isoformat()}_{row.pk}", size)


def by_words(rows: "QuerySet[_Row]", column: str, after: str, *, size: int = PAGE) -> Walked[_Row]:
    """By a column of words that no two rows share, behind one of them."""
    rows = rows.order_by(column)
    known = after[:LONGEST].replace("\x00", "")
    behind = rows.filter(**{f"{column}__gt": known}) if known else None
    return _walked(rows, behind, lambda row: str(getattr(row, column)), size)


def _walked(rows: "QuerySet[_Row]", behind: "QuerySet[_Row] | None", place: Any, size: int) -> Walked[_Row]:
    """Behind the last row of all is the beginning: what stood on that page is gone."""
    further = [] if behind is None else list(behind[: size + 1])
    found = further or list(rows[: size + 1])
    return Walked(found[:size], place(found[size - 1]) if len(found) > size else "", bool(further))


def _moment(after: str) -> tuple[datetime, int] | None:
    """None, which is the beginning, for what is not ours."""
    at, _line, pk = after.rpartition("_")
    try:
        moment = parse_datetime(at)
    except ValueError:
        return None
    key = whole(pk)
    return (moment, key) if moment is not None and moment.tzinfo is not None and key is not None else None
