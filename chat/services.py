"""Rooms are for colleagues. Whether a subject itself may be seen is asked by the floor that knows the subject."""

from collections.abc import Callable
from datetime import datetime

from chat import actions
from chat.models import GENERAL, Post, Room
from chat.permissions import may_enter
from common.errors import NotFound
from people.models import Team, User
from people.permissions import check_agent


def say(
    *,
    user: User,
    subject: str,
    body: str,
    now: datetime,
    path: str = "",
    may_read: Callable[[User], bool] = lambda _person: True,
) -> Post:
    """In the room of a ticket or an escalation; `may_read` says who of those who are named may see the subject."""
    check_agent(user)
    return actions.say(subject=subject, author=user, body=body, now=now, path=path, may_read=may_read)


def say_to_all(*, user: User, body: str, now: datetime, path: str = "") -> Post:
    """In the room of everybody who works here."""
    check_agent(user)
    return actions.say(subject=GENERAL, author=user, body=body, now=now, path=path)


def say_to_team(*, user: User, team: Team, body: str, now: datetime, path: str = "") -> Post:
    """In a team's room; a restricted team's people hear of it alone."""
    check_agent(user)
    if not may_enter(user, team):
        raise NotFound
    return actions.say(
        subject=Room.subject_of(team),
        author=user,
        body=body,
        now=now,
        team=team,
        path=path,
        may_read=lambda person: may_enter(person, team),
    )


def read(*, user: User, room: Room, upto: datetime, now: datetime) -> None:
    """Whoever opens a room has read what was shown there."""
    check_agent(user)
    actions.mark_read(room=room, user=user, upto=upto, now=now)
