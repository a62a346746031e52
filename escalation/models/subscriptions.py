"""Who reads the status of a service by mail (R38)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.querysets import SubscriptionQuerySet
from tickets.models import Service


class Subscription(models.Model):
    """An address that hears of a service. It waits until its link is confirmed; a customer who has signed in is known.

    One that mail came back from hears nothing more, and keeps the server's answer as its note.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="subscriptions", db_index=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    # In small letters.
    address = models.EmailField(_("address"))
    language = models.CharField(_("language"), max_length=10)
    # Of the network it was last asked from, without naming it; empty once it is confirmed.
    network = models.CharField(max_length=32, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    bounced_at = models.DateTimeField(_("came back"), null=True, blank=True)
    answer = models.CharField(_("what the server said"), max_length=300, blank=True)

    objects: ClassVar[SubscriptionQuerySet] = SubscriptionQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["service", "address"], name="subscription_once")]
        indexes = [
            models.Index(fields=["address"], name="subscription_by_address"),
            models.Index(fields=["network", "asked_at"], name="subscription_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.service}"
