"""The words of old tickets go; that there was a ticket, and how its promises were kept, stays.

Number, times, states, owners, clocks and ledger are what figures are made of, so no report of the past changes. What
was said, by whom it was mailed, what was attached and what search knows of it is gone (docs/decisions/0032).
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.audit import record_change
from common.errors import InvalidInput, NotFound
from common.text import one_line
from people.erasing import parts
from people.models import Organisation, User
from tickets import indexing
from tickets.enums import Status
from tickets.models import Attachment, Draft, DraftFile, Event, FollowUp, Hold, Message, Rating, Ticket
from tickets.querysets import TicketQuerySet, asks

# A question stays one: the report of pauses counts for what a reply asked nothing.
SAID, ASKED = "…", "…?"


def closed_before(moment: datetime) -> TicketQuerySet:
    """Those whose words may go by their age: closed, and neither escalated, nor put away, nor held."""
    closed = Ticket.objects.filter(status=Status.CLOSED, closed_at__lt=moment, escalation_number=None, trashed_at=None)
    return closed.unheld().exclude(number__in=FollowUp.objects.filter(done_at=None).values("ticket"))


def forget(numbers: Sequence[int], *, now: datetime) -> int:
    """In the caller's transaction, which holds the tickets. Returns how many bytes of files and words are gone."""
    size = remove_files(Attachment.objects.filter(message__ticket__in=numbers))
    size += _remove_drafts(numbers)
    said = Message.objects.filter(ticket__in=numbers)
    asked = list(said.filter(asks()).values_list("pk", flat=True))
    said.update(body=SAID, external_id="")
    Message.objects.filter(pk__in=asked).update(body=ASKED)
    Rating.objects.filter(ticket__in=numbers).update(comment="")
    FollowUp.objects.filter(ticket__in=numbers).update(outcome="")
    Event.objects.filter(ticket__in=numbers).update(data={})
    Ticket.objects.filter(pk__in=numbers).update(subject=_("Removed for its age"), fields={}, words_removed_at=now)
    indexing.rebuild(numbers)
    return size


def remove_files(rows: "QuerySet[Any]") -> int:
    """Stored files: the rows now, the files once that is certain. Returns their bytes."""
    found = list(rows.values_list("stored", "size"))
    rows.delete()
    # A file without its row is tidied away later; a row without its file would be a broken link.
    transaction.on_commit(partial(_delete, [path for path, _size in found]))
    return sum(size for _path, size in found)


@transaction.atomic
def hold(*, number: int | None, organisation: Organisation | None, reason: str, by: User, now: datetime) -> Hold:
    """Keep all of a ticket, or of a customer's tickets, whatever their age. InvalidInput names what is wrong."""
    reason = one_line(reason, field="reason")
    # Whoever erases a person, or removes what is old, holds the tickets as well, and asks then.
    ticket = Ticket.objects.select_for_update(no_key=True).filter(pk=number).first() if number else None
    parts.hold(organisations=[organisation.pk] if organisation else ())
    if (ticket is None) == (organisation is None) or (number and ticket is None):
        raise InvalidInput.of("number", _("The number of a ticket that is there, or a customer."))
    if Hold.objects.filter(ticket=ticket, organisation=organisation).exists():
        raise InvalidInput.of("number", _("This is held already."))
    row = Hold.objects.create(ticket=ticket, organisation=organisation, reason=reason, by=by, since=now)
    record_change(by=by, subject=f"hold {row}", before={}, after={"reason": reason}, of=row)
    return row


@transaction.atomic
def release(*, pk: int, by: User) -> None:
    """What is old enough goes with the next night."""
    row = Hold.objects.select_for_update(of=("self",)).select_related("organisation").filter(pk=pk).first()
    if row is None:
        raise NotFound(_("There is nothing here for you."))
    record_change(by=by, subject=f"hold {row}", before={"reason": row.reason}, after={}, of=row)
    row.delete()


def _remove_drafts(numbers: Sequence[int]) -> int:
    size = remove_files(DraftFile.objects.filter(draft__ticket__in=numbers))
    Draft.objects.filter(ticket__in=numbers).delete()
    return size


def _delete(paths: Sequence[str]) -> None:
    for path in paths:
        default_storage.delete(path)
