"""The quarantine and the blocked senders, for managers: see, file after all, drop, bring back."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from common import audit
from common.errors import NotAllowedNow, NotFound
from mailroom import blocking, intake, source
from mailroom.enums import IntakeState
from mailroom.intake import Review
from mailroom.models import BlockedSender, RawMessage
from mailroom.querysets import RawMessageQuerySet
from people import permissions as people
from people.models import User
from tickets.permissions import May, access_ticket

# As the trail keeps it.
MAIL = gettext_noop("Mail %(pk)d")


def list_quarantined(*, user: User) -> RawMessageQuerySet:
    """What waits for a person's word, newest first, without the bytes."""
    people.check_manager(user)
    return RawMessage.objects.quarantined().without_bytes().select_related("mailbox").order_by("-received_at", "-pk")


def list_handled(*, user: User) -> RawMessageQuerySet:
    """What somebody decided about, the last first, without the bytes."""
    people.check_manager(user)
    return RawMessage.objects.handled().without_bytes().select_related("handled_by")


def read_source(*, user: User, pk: int) -> str:
    """The mail as it came, as harmless text (at most 200,000 bytes of it)."""
    return source.as_text(read_bytes(user=user, pk=pk))


def read_bytes(*, user: User, pk: int) -> bytes:
    """The mail as it came. For a file on a person's disk, never for a page."""
    people.check_manager(user)
    return bytes(_kept(pk).raw)


def retry(*, user: User, pk: int, now: datetime) -> RawMessage:
    """Read it again as if it had just come: the reason may have been ours. It may come back, with the reason."""
    _leave_quarantine(user, pk, IntakeState.RECEIVED, now)
    return intake.file(pk, now=now)


def release(*, user: User, pk: int, now: datetime, onto: int | None = None) -> RawMessage:
    """File it after all, somebody having read it: as mail is filed, or on the ticket of this number.

    It may come back to the quarantine, with the reason. NotFound where he may not see that ticket.
    """
    people.check_manager(user)
    if onto is not None:
        access_ticket(user, onto, can=May.WORK)
    _leave_quarantine(user, pk, IntakeState.RECEIVED, now, onto=onto)
    return intake.file(pk, now=now, review=Review(user, onto))


def drop(*, user: User, pk: int, now: datetime) -> RawMessage:
    """Put it away for good. The bytes stay, so that a mistake can be seen."""
    return _leave_quarantine(user, pk, IntakeState.DROPPED, now)


def drop_these(*, user: User, pks: Iterable[int], now: datetime) -> int:
    """Each that still waits; how many those were. Somebody else may have seen to one meanwhile."""
    people.check_manager(user)
    dropped = 0
    for pk in RawMessage.objects.quarantined().filter(pk__in=list(pks)).order_by("pk").values_list("pk", flat=True):
        with suppress(NotAllowedNow, NotFound):
            drop(user=user, pk=pk, now=now)
            dropped += 1
    return dropped


@transaction.atomic
def bring_back(*, user: User, pk: int, now: datetime) -> RawMessage:
    """Into the quarantine again what was dropped, by a person or by a block: it may have been wanted after all."""
    people.check_manager(user)
    row = RawMessage.objects.without_bytes().select_for_update().filter(pk=pk).first()
    if row is None:
        raise NotFound(_("There is nothing here for you."))
    if row.state != IntakeState.DROPPED:
        raise NotAllowedNow(_("This mail is not dropped any more."))
    return _move(row, user, IntakeState.QUARANTINED, now)


def list_blocked(*, user: User) -> "QuerySet[BlockedSender]":
    people.check_manager(user)
    return BlockedSender.objects.select_related("blocked_by")


def list_dropped(*, user: User) -> RawMessageQuerySet:
    """Mail that a block kept out, newest first, without the bytes."""
    people.check_manager(user)
    return RawMessage.objects.dropped().without_bytes()


@transaction.atomic
def block(*, user: User, pattern: str, now: datetime) -> BlockedSender:
    """An address or a domain, by managers; one address, by any agent who finds spam."""
    people.check_agent(user)
    pattern = blocking.pattern_of(pattern)
    if pattern.startswith("@"):
        people.check_manager(user)
    row, made = BlockedSender.objects.get_or_create(pattern=pattern, defaults={"blocked_by": user, "blocked_at": now})
    if made:
        audit.record_change(
            by=user, subject=gettext_noop("Blocked senders"), before={}, after={"pattern": pattern}, of=row
        )
    return row


@transaction.atomic
def unblock(*, user: User, pk: int) -> str:
    """Their mail is read again from now on; the pattern that was taken away."""
    people.check_manager(user)
    row = BlockedSender.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound(_("There is nothing here for you."))
    _remove(row, user)
    return row.pattern


@transaction.atomic
def read_again(*, user: User, address: str) -> bool:
    """Whoever has blocked this one address takes that back, as a manager may; False where there is nothing to take."""
    people.check_agent(user)
    row = BlockedSender.objects.filter(pattern=address.casefold()).first()
    if row is None or not (user.is_manager or row.blocked_by_id == user.pk):
        return False
    _remove(row, user)
    return True


def is_blocked(address: str) -> bool:
    return bool(blocking.blocked_among([address]))


def _remove(row: BlockedSender, by: User) -> None:
    audit.record_change(
        by=by, subject=gettext_noop("Blocked senders"), before={"pattern": row.pattern}, after={}, of=row
    )
    row.delete()


@transaction.atomic
def _leave_quarantine(user: User, pk: int, state: IntakeState, now: datetime, *, onto: int | None = None) -> RawMessage:
    people.check_manager(user)
    row = RawMessage.objects.without_bytes().select_for_update().filter(pk=_kept(pk).pk).get()
    if row.state != IntakeState.QUARANTINED:
        raise NotAllowedNow(_("This mail is no longer in the quarantine."))
    return _move(row, user, state, now, onto=onto)


def _move(row: RawMessage, user: User, state: IntakeState, now: datetime, *, onto: int | None = None) -> RawMessage:
    before, row.state = row.state, state
    row.next_try_at = now + intake.LEASE
    row.handled_by, row.handled_at = user, now
    row.save(update_fields=["state", "next_try_at", "handled_by", "handled_at"])
    after = {"state": row.state, **({"ticket": onto} if onto else {})}
    audit.record_change(by=user, subject=MAIL % {"pk": row.pk}, before={"state": before}, after=after)
    return row


def _kept(pk: int) -> RawMessage:
    row = RawMessage.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound(_("There is nothing here for you."))
    return row
