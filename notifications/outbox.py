"""What a person does to a message of the outbox: have it tried at once, send it elsewhere, stop it. On record."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from common.audit import record_change, snapshot
from common.errors import InvalidInput, NotAllowedNow, NotFound
from common.text import one_line
from notifications.actions import ring_on_commit
from notifications.enums import Channel, DeliveryState
from notifications.hosts import host_of
from notifications.models import Delivery, Host
from people.models import User

ADDRESS_LIMIT = 254
_WAITING = (DeliveryState.NEW, DeliveryState.WAITING)
# A webhook that was taken may be asked for again: its id is the same, so that a receiver knows it.
_AGAIN = (DeliveryState.WAITING, DeliveryState.STOPPED)


@transaction.atomic
def retry(*, pk: int, by: User, now: datetime) -> Delivery:
    """At once, whatever its next try was; its host is asked again too. A stopped one waits again."""
    row = _locked(pk)
    can_be_asked = row.state in _AGAIN or (row.channel == Channel.WEBHOOK and row.state == DeliveryState.SENT)
    if not can_be_asked:
        raise NotAllowedNow(_("This message is not waiting."))
    Host.objects.filter(name=row.host).update(closed_until=None)
    _change(row, by, state=DeliveryState.WAITING, next_try_at=now, held="", sent_at=None)
    ring_on_commit()
    return row


@transaction.atomic
def redirect(*, pk: int, address: str, by: User, now: datetime) -> Delivery:
    """To another mail address: this message alone."""
    row = _locked(pk)
    if row.channel != Channel.EMAIL or not (row.kind or row.ticket_number):
        raise NotAllowedNow(_("Only mail about a ticket or an alert goes elsewhere: a sign-in link is its owner's."))
    if row.state not in (*_WAITING, DeliveryState.STOPPED):
        raise NotAllowedNow(_("This message is not waiting."))
    address = one_line(address, field="address", limit=ADDRESS_LIMIT)
    try:
        validate_email(address)
    except ValidationError:
        raise InvalidInput.of("address", _("This is no mail address.")) from None
    _change(row, by, address=address, host=host_of(address), state=DeliveryState.WAITING, next_try_at=now, held="")
    ring_on_commit()
    return row


@transaction.atomic
def stop(*, pk: int, by: User, now: datetime) -> Delivery:
    """It is not sent; its row stays, and `retry` brings it back."""
    row = _locked(pk)
    if row.state not in _WAITING:
        raise NotAllowedNow(_("This message is not waiting."))
    _change(row, by, state=DeliveryState.STOPPED, held="")
    return row


def _locked(pk: int) -> Delivery:
    row = Delivery.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


_SHOWN = ("address", "state", "next_try_at")


def _change(row: Delivery, by: User, **values: object) -> None:
    before = snapshot(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    after = snapshot(row)
    record_change(
        by=by,
        subject=f"outbox: {row.pk}",
        before={name: before[name] for name in _SHOWN},
        after={name: after[name] for name in _SHOWN},
    )
