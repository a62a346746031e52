"""Out of everybody's sight, and back, and in the end gone with everything that hangs on it."""

from datetime import datetime, timedelta
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow
from people.models import User
from tickets import ownership, timeline
from tickets.actions import lock_ticket, lock_workable
from tickets.enums import EventKind, Trash
from tickets.models import Attachment, DraftFile, Ticket

KEPT_FOR = timedelta(days=30)


@transaction.atomic
def put_away(*, ticket: Ticket, what: str, now: datetime, by: User) -> Ticket:
    """As trash or spam. Its clocks are set aside and taken up as if nothing had been, if it comes back."""
    if what not in Trash.values:
        raise InvalidInput.of("what", _("A ticket is put away as trash or as spam."))
    ticket = lock_workable(ticket.number)
    if ticket.escalation_number is not None:
        known = {"ref": f"E-{ticket.escalation_number}", "number": ticket.number}
        raise NotAllowedNow(_("%(ref)s is open on #%(number)d: end it first.") % known)
    ticket.trashed_at, ticket.trashed_as, ticket.snoozed_until, ticket.updated_at = now, what, None, now
    ticket.save(update_fields=["trashed_at", "trashed_as", "snoozed_until", "updated_at"])
    ownership.keep(ticket, now=now)
    timeline.record(ticket, EventKind.TRASHED, now=now, actor=by, what=what)
    return ticket


@transaction.atomic
def bring_back(*, ticket: Ticket, now: datetime, by: User) -> Ticket:
    ticket = lock_ticket(ticket.number)
    if ticket.trashed_at is None:
        raise NotAllowedNow(_("#%(number)d is back already.") % {"number": ticket.number})
    ticket.trashed_at, ticket.trashed_as, ticket.updated_at = None, "", now
    ticket.save(update_fields=["trashed_at", "trashed_as", "updated_at"])
    ownership.keep(ticket, now=now)
    timeline.record(ticket, EventKind.RESTORED, now=now, actor=by)
    return ticket


def empty(*, before: datetime) -> int:
    """Delete what was put away before then and is not held, one by one, with its files; how many tickets are gone."""
    numbers = Ticket.objects.filter(trashed_at__lt=before).order_by("trashed_at").values_list("number", flat=True)
    return sum(_delete(number, before) for number in list(numbers))


@transaction.atomic
def _delete(number: int, before: datetime) -> bool:
    """Asked again under the lock: somebody may have brought it back."""
    ticket = Ticket.objects.select_for_update().filter(number=number, trashed_at__lt=before).first()
    if ticket is None:
        return False
    together = [*_merged_into(ticket), ticket]
    if Ticket.objects.filter(pk__in=[one.pk for one in together]).held().exists():
        return False
    files = list(Attachment.objects.filter(message__ticket__in=together).values_list("stored", flat=True))
    files += DraftFile.objects.filter(draft__ticket__in=together).values_list("stored", flat=True)
    for one in together:
        one.delete()
    # A file without its row is tidied away later; a row without its file would be a broken link.
    transaction.on_commit(partial(_remove, files))
    return True


def _remove(files: list[str]) -> None:
    for path in files:
        default_storage.delete(path)


def _merged_into(ticket: Ticket) -> list[Ticket]:
    """Those whose words are in it, the furthest first: they hold nothing of their own."""
    found: list[Ticket] = []
    for one in ticket.merged.all():
        found += [*_merged_into(one), one]
    return found
