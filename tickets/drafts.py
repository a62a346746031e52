"""Drafts: what an agent writes is kept while he writes, and a reply waits a moment before it goes.

A draft being written and one on its way are the same row; `send_at` tells them apart. Nothing here asks who may:
`composer` does.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import NotAllowedNow
from common.text import many_lines, readable
from people.models import User
from tickets import files, promises
from tickets.actions import lock_destination
from tickets.checks import check_open
from tickets.enums import DraftKind
from tickets.models import Draft, DraftFile, Message, Ticket

# The sweep that finds a broken promise and the round that sends replies come every two seconds each.
BEFORE_DUE = timedelta(seconds=5)
# A save that was on its way when its text was sent arrives this late at most.
ECHO = timedelta(minutes=1)


@transaction.atomic
def save(
    *,
    ticket: Ticket,
    author: User,
    kind: str,
    body: str,
    seen: int | None,
    now: datetime,
    next_update_by: datetime | None = None,
) -> Draft | None:
    """Keep the text as it stands; an empty one, unless files hang on it, forgets the draft.

    `seen` is the newest message on the page when the writing began; the first save decides.
    """
    body = readable(body)
    kept = being_written(ticket, author, kind)
    if not body and (kept is None or not kept.files.exists()):
        forget(ticket=ticket, author=author, kind=kind)
        return None
    if kept is None and _was_just_sent(ticket, author, body, now):
        return None
    draft, is_new = Draft.objects.update_or_create(
        ticket=ticket,
        author=author,
        kind=kind,
        send_at=None,
        defaults={"body": body, "updated_at": now, "next_update_by": next_update_by},
    )
    if is_new and seen is not None:
        draft.seen_message = ticket.messages.filter(pk=seen).first()
        draft.save(update_fields=["seen_message"])
    return draft


def forget(*, ticket: Ticket, author: User, kind: str) -> None:
    """The draft being written is gone. Its files are cleared away at night, unless a message has taken them over."""
    Draft.objects.filter(ticket=ticket, author=author, kind=kind, send_at=None).delete()


def being_written(ticket: Ticket, author: User, kind: str) -> Draft | None:
    return Draft.objects.filter(ticket=ticket, author=author, kind=kind, send_at=None).first()


@transaction.atomic
def add_file(*, ticket: Ticket, author: User, kind: str, upload: files.Upload, now: datetime) -> DraftFile:
    """A file for the message that is being written; its draft begins with it where there is none yet.

    Raises InvalidInput, with nothing stored, when it is too large or one too many.
    """
    draft, _created = Draft.objects.get_or_create(
        ticket=ticket, author=author, kind=kind, send_at=None, defaults={"updated_at": now}
    )
    together: list[files.File] = [*draft.files.all(), upload]
    files.check(together)
    return files.keep(draft, upload)


def remove_file(*, ticket: Ticket, author: User, pk: int) -> None:
    DraftFile.objects.filter(draft__ticket=ticket, draft__author=author, draft__send_at=None, pk=pk).delete()


@transaction.atomic
def queue(
    *, ticket: Ticket, author: User, body: str, then: str, now: datetime, next_update_by: datetime | None = None
) -> Draft:
    """The reply is written: it leaves when its author can no longer take it back.

    Raises NotAllowedNow on a ticket that is done, unless it is to be reopened.
    """
    body = many_lines(body, field="body")
    promises.check(next_update_by, now)
    destination = lock_destination(ticket)
    if then != "reopen":
        check_open(destination)
    draft, _created = Draft.objects.update_or_create(
        ticket=ticket,
        author=author,
        kind=DraftKind.REPLY,
        send_at=None,
        defaults={"body": body, "updated_at": now, "next_update_by": next_update_by},
    )
    draft.send_at, draft.queued_at = leaves_at(destination, author, now), now
    draft.then, draft.failure = then, ""
    draft.save(update_fields=["send_at", "queued_at", "then", "failure"])
    return draft


def leaves_at(ticket: Ticket, author: User, now: datetime) -> datetime:
    """After the author's time for second thoughts, which never costs a promise: before that is due, the reply goes."""
    usual = now + timedelta(seconds=author.undo_seconds)
    due_at = ticket.next_due_at
    if due_at is None or due_at <= now:
        return usual
    return min(usual, max(now, due_at - BEFORE_DUE))


@transaction.atomic
def take_back(*, ticket: Ticket, author: User, pk: int, now: datetime) -> Draft:
    """Undo: the reply is a draft again. Raises NotAllowedNow when it has gone already."""
    draft = Draft.objects.select_for_update().filter(ticket=ticket, author=author, pk=pk).on_their_way().first()
    if draft is None:
        raise NotAllowedNow(_("It has been sent already, or taken back."))
    return _reopen(draft, now=now)


@transaction.atomic
def hand_back(*, pk: int, failure: str, now: datetime) -> Draft | None:
    """What could not be sent is a draft again, and says why; None when somebody else has dealt with it."""
    draft = Draft.objects.select_for_update().filter(pk=pk).on_their_way().first()
    return _reopen(draft, now=now, failure=failure) if draft else None


def _reopen(draft: Draft, *, now: datetime, failure: str = "") -> Draft:
    """Into the composer, before whatever its author has begun there meanwhile."""
    other = being_written(draft.ticket, draft.author, draft.kind)
    if other is None:
        draft.send_at = draft.queued_at = None
        draft.failure, draft.updated_at = failure[:300], now
        draft.save(update_fields=["send_at", "queued_at", "failure", "updated_at"])
        return draft
    draft.files.update(draft=other)
    other.body = "\n\n".join(text for text in (draft.body, other.body) if text)
    other.failure, other.updated_at = failure[:300], now
    other.next_update_by = other.next_update_by or draft.next_update_by
    other.save(update_fields=["body", "failure", "updated_at", "next_update_by"])
    draft.delete()
    return other


def _was_just_sent(ticket: Ticket, author: User, body: str, now: datetime) -> bool:
    """A save that was overtaken by the sending of its own text must not bring that text back."""
    if Draft.objects.filter(ticket=ticket, author=author, body=body).on_their_way().exists():
        return True
    sent = Message.objects.filter(ticket=ticket, author=author, created_at__gte=now - ECHO)
    return sent.filter(body__startswith=body).exists()
