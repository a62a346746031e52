from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from mailroom.models import DeliveryFailure, Mailbox, RawMessage


class RawMessageQuerySet(models.QuerySet["RawMessage"]):
    def pending(self) -> "RawMessageQuerySet":
        """Kept and not filed yet, oldest first."""
        return self.filter(state="received").order_by("received_at", "pk")

    def due(self, now: datetime) -> "RawMessageQuerySet":
        """Pending, and whoever took them in has had the time to file them."""
        return self.pending().filter(next_try_at__lte=now)

    def quarantined(self) -> "RawMessageQuerySet":
        return self.filter(state="quarantined")

    def handled(self) -> "RawMessageQuerySet":
        """What a person decided about, the last first."""
        return self.filter(handled_at__isnull=False).order_by("-handled_at")

    def dropped(self) -> "RawMessageQuerySet":
        return self.filter(state="dropped")

    def filed_since_by(self, senders: Collection[str], moment: datetime) -> "RawMessageQuerySet":
        return self.filter(sender__in=senders, received_at__gte=moment, state="filed")

    def without_bytes(self) -> "RawMessageQuerySet":
        """For lists, which show none of the megabytes."""
        return self.defer("raw")


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    def followed(self) -> "MailboxQuerySet":
        """Those that are looked into from here."""
        return self.filter(way="imap", is_paused=False)


class DeliveryFailureQuerySet(models.QuerySet["DeliveryFailure"]):
    def open(self) -> "DeliveryFailureQuerySet":
        """The address has not been heard of since."""
        return self.filter(cleared_at=None)

    def of(self, address: str) -> "DeliveryFailureQuerySet":
        return self.filter(address=address.casefold())
