"""The quarantine, for administrators: see, file after all, drop."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common import audit
from common.errors import NotAllowedNow, NotFound, Refused
from mailroom import blocking, intake, source
from mailroom.models import BlockedSender, IntakeState, RawMessage
from mailroom.querysets import RawMessageQuerySet
from people import permissions as people
from people.enums import Role
from people.models import User


def list_quarantined(*, user: User) -> RawMessageQuerySet:
    """What waits for a person's word, newest first, without the bytes."""
    _check_admin(user)
    return RawMessage.objects.quarantined().without_bytes()


def read_source(*, user: User, pk: int) -> str:
    """The mail as it came, as harmless text (at most 200,000 bytes of it)."""
    _check_admin(user)
    return source.as_text(bytes(_kept(pk).raw))


def retry(*, user: User, pk: int, now: datetime) -> RawMessage:
    """File it after all, somebody having read it. It may come back to the quarantine, with the reason."""
    _check_admin(user)
    _leave_quarantine(user, pk, IntakeState.RECEIVED, now)
    return intake.file(pk, now=now, reviewed=True)


def drop(*, user: User, pk: int, now: datetime) -> RawMessage:
    """Put it away for good. The bytes stay, so that a mistake can be seen."""
    _check_admin(user)
    return _leave_quarantine(user, pk, IntakeState.DROPPED, now)


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
        audit.record_change(by=user, subject=_("Blocked senders"), before={}, after={"pattern": pattern})
    return row


@transaction.atomic
def unblock(*, user: User, pk: int) -> str:
    """Their mail is read again from now on; the pattern that was taken away."""
    people.check_manager(user)
    row = BlockedSender.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound(_("There is nothing here for you."))
    audit.record_change(by=user, subject=_("Blocked senders"), before={"pattern": row.pattern}, after={})
    row.delete()
    return row.pattern


@transaction.atomic
def _leave_quarantine(user: User, pk: int, state: IntakeState, now: datetime) -> RawMessage:
    row = RawMessage.objects.select_for_update().filter(pk=_kept(pk).pk).get()
    if row.state != IntakeState.QUARANTINED:
        raise NotAllowedNow(_("This mail is no longer in the quarantine."))
    before, row.state = row.state, state
    row.next_try_at = now + intake.LEASE
    row.save(update_fields=["state", "next_try_at"])
    audit.record_change(
        by=user, subject=_("Mail %(pk)d") % {"pk": pk}, before={"state": before}, after={"state": row.state}
    )
    return row


def _kept(pk: int) -> RawMessage:
    row = RawMessage.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound(_("There is nothing here for you."))
    return row


def _check_admin(user: User) -> None:
    if not (user.is_active and user.role == Role.ADMIN):
        raise Refused(_("Only an administrator may do this."))
