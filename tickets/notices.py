"""What no person wrote, kept where it belongs: an automatic answer, a server's report about a delivery."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from common.text import many_lines
from people.models import User
from tickets import actions, files, timeline
from tickets.enums import Channel
from tickets.models import Message, Ticket


@transaction.atomic
def keep(
    *,
    ticket: Ticket,
    author: User | None,
    kind: str,
    body: str,
    now: datetime,
    attachments: Sequence[files.File] = (),
    external_id: str = "",
    **data: Any,
) -> Message:
    """For colleagues' eyes. It moves nothing: no status, no clock, no rest, and nobody is told that somebody wrote.

    `kind` and `data` are the line's on the timeline.
    """
    body = many_lines(body, field="body")
    files.check(attachments)
    ticket = actions.lock_destination(ticket)
    message = actions.write_down(
        ticket, author, body, now, attachments, channel=Channel.EMAIL, is_public=False, external_id=external_id
    )
    timeline.record(ticket, kind, now=now, message=message.pk, **data)
    return message
