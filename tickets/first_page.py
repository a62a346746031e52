"""The first page of the inbox and what its groups count: asked for all day, so their SQL is kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from common.questions import Statement
from people.models import User
from tickets import queue
from tickets.bases import awake
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet
from tickets.tally import MOST
from tickets.walking import DO_NEXT, Group, Moments, Reach, counting, paging

OPEN = (Group.PAST_DUE, Group.HOUR, Group.NEXT, Group.PAUSED)


def open_to(user: User, now: datetime, team: str = "") -> TicketQuerySet:
    """What the inbox has for somebody who works here, of one team or of all."""
    found = Ticket.objects.visible_to(user).active().filter(awake(now))
    return found.for_team(team) if team else found


def tallies(user: User, now: datetime, *, team: str = "") -> dict[Group, int]:
    """As `queue.group_tallies`."""
    (found,) = _counted.fetch(user.pk, team, *Moments.of(now), role=user.role, of_team=bool(team))
    return dict.fromkeys(Group, 0) | dict(zip(OPEN, found, strict=True))


def places(user: User, now: datetime, counts: Mapping[Group, int], *, size: int, team: str = "") -> queue.Placed:
    """As `queue.page`, with what `tallies` has counted."""
    reached = _reached(counts, size)
    if not any(reached):
        return []
    given = (user.pk, team, *Moments.of(now))
    found = _paged.fetch(*given, role=user.role, of_team=bool(team), reached=reached, size=size)
    return queue.placed(found, DO_NEXT)


def _reached(counts: Mapping[Group, int], size: int) -> tuple[int, ...]:
    """What of the counts the SQL depends on: groups that are empty or not reached, small ones and large ones."""
    found, before = [], 0
    for group in OPEN:
        many = counts[group] if before < size else 0
        found.append(many if many > MOST else min(many, 1))
        before += many
    return tuple(found)


@Statement
def _counted(
    reader: int, team: str, now: datetime, soon: datetime, *, role: str, of_team: bool
) -> tuple[str, Sequence[Any]]:
    return counting(_open_to(reader, team if of_team else "", now, role), OPEN, Moments(now, soon))


@Statement
def _paged(
    reader: int,
    team: str,
    now: datetime,
    soon: datetime,
    *,
    role: str,
    of_team: bool,
    reached: tuple[int, ...],
    size: int,
) -> tuple[str, Sequence[Any]]:
    counts = dict(zip(OPEN, reached, strict=True))
    rows = _open_to(reader, team if of_team else "", now, role)
    return paging(rows, DO_NEXT, Moments(now, soon), Reach(None, size), counts, done=False)


def _open_to(reader: int, team: str, now: datetime, role: str) -> TicketQuerySet:
    return open_to(User(pk=reader, role=role), now, team)
