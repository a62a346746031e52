"""What a reply promises of the next one: when the customer hears from us again (R38)."""

from datetime import datetime, timedelta

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.dates import said
from common.errors import InvalidInput
from people.models import User
from people.zones import zone_of

FURTHEST = timedelta(days=60)
FIELD = "next_update_by"


def check(at: datetime | None, now: datetime) -> None:
    """Raises InvalidInput on `next_update_by`: a promise is made for later, and not for some day."""
    if at is None:
        return
    if at <= now:
        raise InvalidInput.of(FIELD, _("The next update lies in the past."))
    if at - now > FURTHEST:
        raise InvalidInput.of(FIELD, _("Promise the next update within %(days)d days.") % {"days": FURTHEST.days})


def as_data(at: datetime | None) -> dict[str, str]:
    """What the timeline keeps of it with the reply, for the floors above."""
    return {FIELD: at.isoformat()} if at else {}


def time_words(at: datetime, customer: User, now: datetime) -> str:
    """The moment as the customer's own watch and language will show it."""
    zone = zone_of(customer.time_zone)
    due, today = timezone.localtime(at, zone), timezone.localtime(now, zone)
    with translation.override(customer.language):
        return said(due, "H:i" if due.date() == today.date() else "j F, H:i")
