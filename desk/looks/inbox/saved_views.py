"""The saved views in the rail, with their figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, connection, transaction

from common.errors import InvalidInput
from desk.looks.inbox.inbox import Asked, found_by
from desk.looks.rail import RailLine
from people.models import User
from tickets.arranging import Arranged
from tickets.models import SavedView
from tickets.saved import changeable_views
from tickets.tally import tally

# A figure is not worth more of the database's time than this; a view that takes longer has none.
MILLISECONDS = 300


@dataclass(frozen=True, slots=True)
class ViewLine:
    """One view in somebody's order; `is_first` and `is_last` of those that stand in his rail."""

    view: SavedView
    url: str
    icon: str
    is_hidden: bool
    may_change: bool
    is_first: bool
    is_last: bool


def saved_lines(user: User, order: Sequence[Arranged], now: datetime) -> list[RailLine]:
    """Those that he wants in his rail: a query for each figure, which stops at a thousand (`tickets.tally`)."""
    return [_line(user, one.view, now) for one in order if not one.is_hidden]


def _line(user: User, view: SavedView, now: datetime) -> RailLine:
    asked = _asked(view)
    return RailLine(f"saved:{view.pk}", asked.address(), view.name, _count(user, asked, now), _icon(view))


def arrangement(user: User, order: Sequence[Arranged]) -> list[ViewLine]:
    """All of them, for putting them in order. One query."""
    changeable = set(changeable_views(user).values_list("pk", flat=True))
    shown = [one.view.pk for one in order if not one.is_hidden]
    return [
        ViewLine(
            view=one.view,
            url=_asked(one.view).address(),
            icon=_icon(one.view),
            is_hidden=one.is_hidden,
            may_change=one.view.pk in changeable,
            is_first=one.view.pk in shown[:1],
            is_last=one.view.pk in shown[-1:],
        )
        for one in order
    ]


def _asked(view: SavedView) -> Asked:
    return Asked(saved=view, view=view.base, order=view.order, q=view.query)


def _icon(view: SavedView) -> str:
    return "world" if view.is_shared else "users" if view.team_id else "bookmark"


def _count(user: User, asked: Asked, now: datetime) -> int | None:
    try:
        with transaction.atomic():
            _bound(MILLISECONDS)
            count = tally(found_by(user, asked, now))
            _bound(0)
            return count
    except (InvalidInput, DatabaseError):
        return None


def _bound(milliseconds: int) -> None:
    """For the statements that follow. SQLite knows no such thing; there the limit of the count must do."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {milliseconds:d}")
