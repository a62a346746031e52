"""The composer's way in: permission first, then the draft, the note or the reply."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow, NotFound
from people.models import User
from tickets import actions, drafts, files, presence, quick_replies, sending, watching
from tickets.enums import DraftKind
from tickets.models import Draft, DraftFile, Message, Ticket
from tickets.permissions import May, access_destination, access_ticket, who_see


class Crossed(NotAllowedNow):
    """Others have written since the composer was opened, `messages`, or are about to send `on_way`; oldest first."""

    def __init__(self, messages: Sequence[Message], on_way: Sequence[Draft] = ()) -> None:
        self.messages, self.on_way = list(messages), list(on_way)
        super().__init__(_("Somebody wrote while you were writing. Read that first, then send."))


def save_draft(
    *,
    user: User,
    number: int,
    kind: str,
    body: str,
    seen: int | None,
    now: datetime,
    next_update_by: datetime | None = None,
) -> Draft | None:
    ticket = access_ticket(user, number, can=May.WORK)
    return drafts.save(
        ticket=ticket, author=user, kind=_known(kind), body=body, seen=seen, now=now, next_update_by=next_update_by
    )


def insert(*, user: User, number: int, quick: int, kind: str, body: str | None, now: datetime) -> None:
    """Put a quick reply below what is written, or below the draft where `body` is not given; for pages without script.

    Raises NotFound for one that is not meant for this ticket.
    """
    ticket = access_ticket(user, number, can=May.WORK)
    chosen = next((row for row in quick_replies.for_ticket(ticket, user) if row.pk == quick), None)
    if chosen is None:
        raise NotFound(_("There is nothing here for you."))
    text = quick_replies.fill(chosen.body, quick_replies.values(ticket, user, now))
    insert_text(user=user, number=number, text=text, kind=kind, body=body, now=now)


def insert_text(*, user: User, number: int, text: str, kind: str, body: str | None, now: datetime) -> None:
    """Put a text below what is written, or below the draft where `body` is not given. Raises as `save_draft`."""
    ticket = access_ticket(user, number, can=May.WORK)
    kept = drafts.being_written(ticket, user, _known(kind))
    before = (kept.body if kept else "") if body is None else body
    together = f"{before.rstrip()}\n\n{text}".strip()
    promised = kept.next_update_by if kept else None
    drafts.save(ticket=ticket, author=user, kind=kind, body=together, seen=None, now=now, next_update_by=promised)


def watch(*, user: User, number: int, on: bool) -> None:
    ticket = access_ticket(user, number, can=May.WORK)
    (watching.watch if on else watching.unwatch)(ticket=ticket, user=user)


def ask_to_watch(*, user: User, number: int, person: User, now: datetime) -> None:
    """A colleague who sees the ticket hears of it from now on. Raises InvalidInput for one who does not see it."""
    ticket = access_ticket(user, number, can=May.WORK)
    if not who_see(ticket).filter(pk=person.pk).exists():
        raise InvalidInput.of("person", _("Who watches has to see the ticket."))
    watching.ask(ticket=ticket, person=person, by=user, now=now)


def spare(*, user: User, number: int, email: str) -> User:
    """A colleague hears no more of the ticket. NotFound for whoever does not watch it."""
    ticket = access_ticket(user, number, can=May.WORK)
    person = ticket.watchers.filter(email__iexact=email).first()
    if person is None:
        raise NotFound(_("There is nothing here for you."))
    watching.unwatch(ticket=ticket, user=person)
    return person


def take_back(*, user: User, number: int, pk: int, now: datetime) -> Draft:
    """Raises NotAllowedNow when the reply has gone already."""
    return drafts.take_back(ticket=access_ticket(user, number, can=May.WORK), author=user, pk=pk, now=now)


def add_file(*, user: User, number: int, kind: str, upload: files.Upload, now: datetime) -> DraftFile:
    ticket = access_ticket(user, number, can=May.WORK)
    return drafts.add_file(ticket=ticket, author=user, kind=_known(kind), upload=upload, now=now)


def remove_file(*, user: User, number: int, pk: int) -> None:
    drafts.remove_file(ticket=access_ticket(user, number, can=May.WORK), author=user, pk=pk)


def be_here(*, user: User, number: int, writing: str, now: datetime) -> Ticket:
    ticket = access_ticket(user, number, can=May.WORK)
    presence.be_here(ticket=ticket, user=user, writing=_known(writing) if writing else "", now=now)
    return ticket


def leave(*, user: User, number: int) -> Ticket:
    ticket = access_ticket(user, number, can=May.WORK)
    presence.leave(ticket=ticket, user=user)
    return ticket


@transaction.atomic
def send_note(
    *, user: User, number: int, body: str, now: datetime, attachments: Sequence[files.Upload] = ()
) -> Message:
    """A note with the files that were dropped onto its draft; the draft goes."""
    ticket = access_ticket(user, number, can=May.WORK)
    together: list[files.File] = [*_dropped(ticket, user, DraftKind.NOTE), *attachments]
    message = actions.note(
        ticket=access_destination(user, ticket), author=user, body=body, now=now, attachments=together
    )
    drafts.forget(ticket=ticket, author=user, kind=DraftKind.NOTE)
    return message


@transaction.atomic
def send_reply(
    *,
    user: User,
    number: int,
    body: str,
    now: datetime,
    attachments: Sequence[files.Upload] = (),
    then: str = "",
    seen: int | None = None,
    passed: Collection[int] = (),
    next_update_by: datetime | None = None,
) -> Draft | Message:
    """A reply from the page: a draft on its way, or the message where nothing is to be waited for.

    `next_update_by` is what it promises the customer. Raises Crossed when others wrote after the message `seen`, or
    are about to send something, unless its author is one of `passed`; InvalidInput while a placeholder is left in the
    text, and NotAllowedNow on a ticket that is done.
    """
    ticket = access_ticket(user, number, can=May.WORK)
    # Of two who send at once the second meets the first one's reply.
    actions.lock_destination(ticket)
    _check_replies(ticket, user, seen, set(passed))
    if ticket.requester_id == user.pk:
        together: list[files.File] = [*_dropped(ticket, user, DraftKind.REPLY), *attachments]
        said = actions.customer_wrote(ticket=ticket, author=user, body=body, now=now, attachments=together)
        drafts.forget(ticket=ticket, author=user, kind=DraftKind.REPLY)
        return said
    access_destination(user, ticket)
    body = quick_replies.fill(body, quick_replies.values(ticket, user, now, next_update_by))
    quick_replies.check_resolved(body)
    draft = drafts.queue(ticket=ticket, author=user, body=body, then=then, now=now, next_update_by=next_update_by)
    all_files: list[files.File] = [*draft.files.all(), *attachments]
    files.check(all_files)
    for upload in attachments:
        files.keep(draft, upload)
    if draft.send_at is not None and draft.send_at <= now:
        return sending.send(pk=draft.pk, now=now) or draft
    return draft


def check_crossing(ticket: Ticket, user: User, seen: int | None, *, even_own: bool = False) -> None:
    """Raises Crossed when somebody else wrote, to the customer or to colleagues, after the message `seen`.

    With `even_own` what the reader wrote himself counts, too: he may have sent the same already.
    """
    if seen is not None and (found := _written_since(ticket, user, seen, even_own=even_own)):
        raise Crossed(found)


def _check_replies(ticket: Ticket, user: User, seen: int | None, passed: set[int]) -> None:
    """As `check_crossing`, with what others are about to send.

    What somebody of `passed` has announced was read already, whether it is still on its way or has become a message.
    """
    if seen is None:
        return
    written = _written_since(ticket, user, seen)
    on_way = Draft.objects.on_their_way().filter(ticket=ticket).exclude(author=user).select_related("author")
    messages = [one for one in written if not (one.is_public and _was_read(one, passed))]
    waiting = [one for one in on_way.prefetch_related("files").order_by("send_at", "pk") if not _was_read(one, passed)]
    if messages or waiting:
        raise Crossed(messages, waiting)


def _was_read(one: Message | Draft, passed: set[int]) -> bool:
    """Whether it is the one that was announced; the next of the same author is not."""
    known = one.author_id in passed
    passed.discard(one.author_id or 0)
    return known


def _written_since(ticket: Ticket, user: User, seen: int, *, even_own: bool = False) -> list[Message]:
    newer = ticket.messages.filter(pk__gt=seen).select_related("author")
    if not even_own:
        newer = newer.exclude(author=user)
    return list(newer.order_by("created_at", "pk"))


def _dropped(ticket: Ticket, user: User, kind: str) -> list[DraftFile]:
    draft = drafts.being_written(ticket, user, kind)
    return list(draft.files.all()) if draft else []


def _known(kind: str) -> str:
    if kind not in DraftKind.values:
        raise InvalidInput.of("kind", _("A message is a reply or a note."))
    return kind
