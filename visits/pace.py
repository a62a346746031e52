"""How much comes through a widget: enough for the customers of a shop, too little to bury a desk."""

from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from common.errors import NotAllowedNow
from common.networks import home_of
from visits.models import Visit, Widget

SALT = "visits.pace"
# Chats begun from one network, and by one widget.
OF_A_NETWORK = ((5, timedelta(minutes=10)), (20, timedelta(days=1)))
OF_A_WIDGET = ((60, timedelta(minutes=1)),)


def network_of(address: str) -> str:
    """A digest of where somebody calls from, empty where that is not known. Nobody reads it back."""
    home = home_of(address)
    return salted_hmac(SALT, home, algorithm="sha256").hexdigest() if home else ""


def check_beginning(widget: Widget, network: str, *, now: datetime) -> None:
    """NotAllowedNow where one more chat would be too many. Within the transaction that begins it.

    Those of a widget begin one after the other, or all that come at once would find room.
    """
    Widget.objects.select_for_update(no_key=True).filter(pk=widget.pk).first()
    for rows, limits in (
        (Visit.objects.filter(widget=widget), OF_A_WIDGET),
        (Visit.objects.filter(network=network), OF_A_NETWORK if network else ()),
    ):
        for most, span in limits:
            if rows.filter(began_at__gt=now - span)[:most].count() >= most:
                raise NotAllowedNow(_("Too many chats were begun from here. Wait a few minutes, and send it again."))
