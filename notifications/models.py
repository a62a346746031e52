from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from notifications.enums import AlertKind, DeliveryState
from notifications.querysets import AlertQuerySet, DeliveryQuerySet


class Alert(models.Model):
    """What a person is told on the page. Ticket and escalation are plain numbers: this floor knows neither."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="alerts", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=12, choices=AlertKind.choices)
    title = models.CharField(_("title"), max_length=300)
    body = models.TextField(_("text"), blank=True)
    path = models.CharField(_("where it leads"), max_length=200, blank=True)
    ticket_number = models.BigIntegerField(null=True, blank=True)
    escalation_number = models.BigIntegerField(null=True, blank=True)
    dedupe_key = models.CharField(max_length=200)
    created_at = models.DateTimeField(_("at"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects: ClassVar[AlertQuerySet] = AlertQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["-created_at", "-pk"]
        # Not `unique=True`, with which PostgreSQL keeps a second index for beginnings of keys that nobody asks for.
        constraints = [models.UniqueConstraint(fields=["dedupe_key"], name="alert_dedupe_key")]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="alert_by_recipient"),
            models.Index(fields=["recipient"], condition=models.Q(read_at=None), name="alert_unread"),
        ]

    def __str__(self) -> str:
        return self.title


class Delivery(models.Model):
    """The outbox: one row per recipient and channel under a dedupe key; finished only by a recorded success."""

    channel = models.CharField(_("channel"), max_length=10, default="email")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="deliveries"
    )
    address = models.CharField(_("address"), max_length=254)
    sender = models.CharField(_("sender"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=300)
    template = models.CharField(
        max_length=20, blank=True, help_text=_("Under templates/mail; none: the text as it is.")
    )
    context = models.JSONField(default=dict)
    text = models.TextField(_("text"), blank=True)
    headers = models.JSONField(default=dict)
    files = models.JSONField(default=list, help_text=_("What goes along: name, type, and where it is stored."))
    thread_token = models.CharField(max_length=120, blank=True)
    dedupe_key = models.CharField(max_length=200)
    state = models.CharField(
        _("state"), max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING, editable=False
    )
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"))
    lease = models.CharField(max_length=36, blank=True)
    last_error = models.TextField(_("last answer"), blank=True)
    created_at = models.DateTimeField(_("written"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects: ClassVar[DeliveryQuerySet] = DeliveryQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name_plural = _("deliveries")
        constraints = [models.UniqueConstraint(fields=["dedupe_key"], name="delivery_dedupe_key")]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(state__in=["waiting", "sending"]),
                name="delivery_due",
            ),
            models.Index(fields=["next_try_at"], condition=models.Q(state="sending"), name="delivery_abandoned"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.address}"
