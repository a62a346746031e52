from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from notifications.enums import UNSENT, DeliveryState

if TYPE_CHECKING:
    from notifications.models import Alert, Delivery, Endpoint, Host
    from people.models import User


class AlertQuerySet(models.QuerySet["Alert"]):
    def for_person(self, user: "User") -> "AlertQuerySet":
        return self.filter(recipient=user)

    def unread(self) -> "AlertQuerySet":
        return self.filter(read_at=None)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime) -> "DeliveryQuerySet":
        """Waiting and its moment has come, or claimed by someone whose lease ran out; oldest first."""
        return self.filter(state__in=[DeliveryState.WAITING, DeliveryState.SENDING], next_try_at__lte=now).order_by(
            "next_try_at", "pk"
        )

    def abandoned(self, now: datetime) -> "DeliveryQuerySet":
        """Claimed by someone whose lease ran out; oldest first."""
        return self.filter(state=DeliveryState.SENDING, next_try_at__lte=now).order_by("next_try_at", "pk")

    def unsent(self) -> "DeliveryQuerySet":
        return self.filter(state__in=UNSENT)

    def unrouted(self, now: datetime) -> "DeliveryQuerySet":
        """Alerts of which nobody has asked yet how their readers want them; oldest first."""
        return self.filter(state=DeliveryState.NEW, next_try_at__lte=now).order_by("next_try_at", "pk")


class HostQuerySet(models.QuerySet["Host"]):
    def troubled(self, now: datetime) -> "HostQuerySet":
        """Closed, slow, or refusing of late."""
        return self.filter(models.Q(failures__gt=0) | models.Q(closed_until__gt=now) | models.Q(slow_until__gt=now))


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def enabled(self) -> "EndpointQuerySet":
        return self.filter(is_enabled=True)

    def listening(self) -> "EndpointQuerySet":
        """Those that hear of events, and not of alerts alone."""
        return self.enabled().exclude(events=[])
