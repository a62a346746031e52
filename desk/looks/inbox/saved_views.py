"""The saved views in the rail, with their figures."""

from datetime import datetime

from django.db import DatabaseError, connection, transaction

from common.errors import InvalidInput
from desk.looks.inbox.inbox import Asked, found_by
from desk.looks.rail import RailLine
from people.models import User
from tickets.models import SavedView
from tickets.saved import visible_views
from tickets.tally import tally

# A figure is not worth more of the database's time than this; a view that takes longer has none.
MILLISECONDS = 300


def saved_lines(user: User, now: datetime) -> list[RailLine]:
    """One query for the views and one for each figure, which stops at a thousand (`tickets.tally`)."""
    return [_line(user, view, now) for view in visible_views(user)]


def _line(user: User, view: SavedView, now: datetime) -> RailLine:
    asked = Asked(saved=view, view=view.base, order=view.order, q=view.query)
    icon = "world" if view.is_shared else "users" if view.team_id else "bookmark"
    return RailLine(f"saved:{view.pk}", asked.address(), view.name, _count(user, asked, now), icon)


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
