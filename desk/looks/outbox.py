"""The outbox as a reader may see it: administrators all of it, managers what is about tickets that they may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.errors import NotFound
from common.numbers import whole
from notifications.delivery import oldest_waiting
from notifications.enums import UNSENT, DeliveryState
from notifications.models import Delivery, Host
from notifications.querysets import DeliveryQuerySet
from people.models import User
from tickets.models import Ticket

PAGE = 50
# What the list can be narrowed to, by the word in its address.
STATES: Mapping[str, tuple[Promise, Q]] = {
    "unsent": (_("Waiting"), Q(state__in=UNSENT)),
    "failing": (_("Refused so far"), Q(state__in=UNSENT, attempts__gt=0) & ~Q(last_error="")),
    "held": (_("Held back"), Q(state=DeliveryState.WAITING) & ~Q(held="")),
    "sent": (_("Sent"), Q(state=DeliveryState.SENT)),
    "merged": (_("In a digest"), Q(state=DeliveryState.MERGED)),
    "stopped": (_("Stopped or not wanted"), Q(state__in=[DeliveryState.STOPPED, DeliveryState.UNWANTED])),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """As typed in the address; what makes no sense narrows nothing."""

    state: str = ""
    who: str = ""
    ticket: str = ""
    before: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.state or self.who or self.ticket)


@dataclass(frozen=True, slots=True)
class OutboxLook:
    rows: Sequence[Delivery]
    older: int | None
    oldest: datetime | None
    closed: Sequence[Host]
    has_server: bool


def outbox_look(user: User, asked: Asked, now: datetime) -> OutboxLook:
    """Four queries at most, however long the outbox is; a page begins below a key."""
    found = _narrowed(seen_by(user), asked).select_related("recipient", "digest").order_by("-pk")
    rows = list(found[: PAGE + 1])
    return OutboxLook(
        rows=rows[:PAGE],
        older=rows[PAGE - 1].pk if len(rows) > PAGE else None,
        oldest=oldest_waiting(),
        closed=list(Host.objects.filter(closed_until__gt=now).order_by("name")[:10]),
        has_server=bool(settings.MAIL_TRANSPORT),
    )


def seen_by(user: User) -> DeliveryQuerySet:
    """Sign-in links and the like are nobody's business but an administrator's; their words are shown to nobody."""
    if user.is_admin:
        return Delivery.objects.all()
    if not user.is_manager:
        return Delivery.objects.none()
    return Delivery.objects.filter(ticket_number__in=Ticket.objects.visible_to(user).order_by().values("number"))


def one_seen_by(user: User, pk: int) -> Delivery:
    row = seen_by(user).select_related("recipient", "digest", "endpoint", "way").filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def _narrowed(rows: DeliveryQuerySet, asked: Asked) -> DeliveryQuerySet:
    if asked.state in STATES:
        rows = rows.filter(STATES[asked.state][1])
    if asked.who.strip():
        person = User.objects.at_address(asked.who).first()
        rows = rows.filter(recipient=person) if person else rows.filter(address=asked.who.strip())
    if (number := whole(asked.ticket.strip().removeprefix("#"))) is not None:
        rows = rows.filter(ticket_number=number)
    if (before := whole(asked.before)) is not None:
        rows = rows.filter(pk__lt=before)
    return rows
