from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from chat.models import Post, PostMention, Reading, Room
from common.errors import NotAllowedNow
from common.text import many_lines
from notifications.actions import notify
from notifications.enums import AlertKind
from notifications.letters import Letter
from people.mentions import named
from people.models import Team, User

POST_LIMIT = 4000
EXCERPT = 300
# No text tells the whole house.
MOST_NAMED = 20


@transaction.atomic
def say(
    *,
    subject: str,
    author: User,
    body: str,
    now: datetime,
    team: Team | None = None,
    path: str = "",
    may_read: Callable[[User], bool] = lambda _person: True,
) -> Post:
    """One more line in the room of a subject; the room is made by the first line. Raises InvalidInput on `body`,
    and NotAllowedNow where the room is closed.

    Whoever is named with an @ and may read it is told once; `path` is where the alert leads.
    """
    body = many_lines(body, field="body", limit=POST_LIMIT)
    room, _made = Room.objects.get_or_create(subject=subject, defaults={"team": team})
    if room.closed_at is not None:
        raise NotAllowedNow(_("“%(room)s” is closed: it can be read and not written.") % {"room": room.title})
    post = Post.objects.create(room=room, author=author, body=body, at=now)
    room.last_at = now
    room.save(update_fields=["last_at"])
    mark_read(room=room, user=author, upto=now, now=now)
    _tell(post, room, author, path, now, may_read)
    return post


def open_room(*, subject: str) -> Room:
    """The room of a subject before anybody has said a word in it."""
    room, _made = Room.objects.get_or_create(subject=subject)
    return room


def close_room(*, room: Room, now: datetime) -> None:
    """Nobody writes in it from now on."""
    room.closed_at = now
    room.save(update_fields=["closed_at"])


def reopen_room(*, room: Room) -> None:
    room.closed_at = None
    room.save(update_fields=["closed_at"])


@transaction.atomic
def mark_read(*, room: Room, user: User, upto: datetime, now: datetime) -> None:
    """The person has read so far; being named in what was read is read too. Never back to an earlier moment."""
    reading, made = Reading.objects.get_or_create(room=room, user=user, defaults={"read_at": upto})
    if not made and reading.read_at < upto:
        reading.read_at = upto
        reading.save(update_fields=["read_at"])
    PostMention.objects.filter(user=user, read_at=None, post__room=room, post__at__lte=upto).update(read_at=now)


def _tell(post: Post, room: Room, author: User, path: str, now: datetime, may_read: Callable[[User], bool]) -> None:
    if "@" not in post.body:
        return
    others = [person for person in named(post.body, User.objects.active().staff()) if person != author]
    told = [person for person in others[:MOST_NAMED] if may_read(person)]
    PostMention.objects.bulk_create([PostMention(post=post, user=person) for person in told])
    notify(
        recipients=told,
        compose=lambda _person: Letter(
            kind=AlertKind.MENTION,
            title=_("%(name)s named you in “%(room)s”") % {"name": author.name, "room": room.title},
            body=post.body[:EXCERPT],
            path=path,
        ),
        dedupe=f"post:{post.pk}",
        now=now,
        by_mail=False,
    )
