"""How much comes through a widget: enough for the customers of a shop, too little to bury a desk."""

import ipaddress
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from common.errors import NotAllowedNow
from visits.models import Visit, Widget

SALT = "visits.pace"
# Chats begun from one network, and by one widget.
OF_A_NETWORK = ((5, timedelta(minutes=10)), (20, timedelta(days=1)))
OF_A_WIDGET = ((60, timedelta(minutes=1)),)
_IPV6_HOME = 64


def network_of(address: str) -> str:
    """A digest of where somebody calls from: of IPv6 the network that one household has. Nobody reads it back."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    home = found if found.version == 4 else ipaddress.ip_network((found, _IPV6_HOME), strict=False)
    return salted_hmac(SALT, str(home), algorithm="sha256").hexdigest()


def check_beginning(widget: Widget, network: str, *, now: datetime) -> None:
    """NotAllowedNow where one more chat would be too many."""
    for rows, limits in (
        (Visit.objects.filter(network=network), OF_A_NETWORK),
        (Visit.objects.filter(widget=widget), OF_A_WIDGET),
    ):
        for most, span in limits:
            if rows.filter(began_at__gt=now - span)[:most].count() >= most:
                raise NotAllowedNow(_("Too many chats were begun from here. Wait a few minutes, and send it again."))
