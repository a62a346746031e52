"""Rooms are for colleagues. Whether the subject itself may be seen is asked by the floor that knows the subject."""

from datetime import datetime

from chat import actions
from chat.models import Post
from people.models import User
from people.permissions import check_agent


def say(*, user: User, subject: str, body: str, now: datetime) -> Post:
    check_agent(user)
    return actions.say(subject=subject, author=user, body=body, now=now)
