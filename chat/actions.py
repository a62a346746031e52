from datetime import datetime

from django.db import transaction

from chat.models import Post, Room
from common.text import many_lines
from people.models import User

POST_LIMIT = 4000


@transaction.atomic
def say(*, subject: str, author: User, body: str, now: datetime) -> Post:
    """One more line in the room of a subject; the room is made by the first line. Raises InvalidInput on `body`."""
    body = many_lines(body, field="body", limit=POST_LIMIT)
    room, _ = Room.objects.get_or_create(subject=subject)
    return Post.objects.create(room=room, author=author, body=body, at=now)
