"""The quarantine, for administrators: see, file after all, drop."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.errors import NotAllowedNow, NotFound, Refused
from mailroom import intake, source
from mailroom.models import IntakeState, RawMessage
from mailroom.querysets import RawMessageQuerySet
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
