from typing import ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from calendars.models import Calendar
from common.tailing import Tail
from notifications.enums import AlertKind, Channel, DeliveryState, Held
from notifications.querysets import AlertQuerySet, DeliveryQuerySet, EndpointQuerySet, HostQuerySet
from people.models import Team


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

    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.EMAIL)
    # Of an alert: what it is about.
    kind = models.CharField(_("kind"), max_length=12, choices=AlertKind.choices, blank=True)
    severity = models.PositiveSmallIntegerField(_("severity"), null=True, blank=True)
    ticket_number = models.BigIntegerField(_("ticket"), null=True, blank=True)
    escalation_number = models.BigIntegerField(null=True, blank=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="deliveries"
    )
    address = models.CharField(_("address"), max_length=254)
    host = models.CharField(
        _("host"), max_length=120, blank=True, help_text=_("Who takes it: one that hangs holds up only its own.")
    )
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
    came_back_at = models.DateTimeField(_("came back"), null=True, blank=True)
    held = models.CharField(_("held"), max_length=6, choices=Held.choices, blank=True)
    # Of an alert that goes by itself: the moment for which it was counted towards a flood.
    planned_at = models.DateTimeField(null=True, blank=True)
    digest = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="members")
    way = models.ForeignKey("Way", null=True, blank=True, on_delete=models.SET_NULL, related_name="deliveries")
    endpoint = models.ForeignKey(
        "Endpoint", null=True, blank=True, on_delete=models.SET_NULL, related_name="deliveries", db_index=False
    )

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
            models.Index(
                fields=["host", "next_try_at"],
                condition=models.Q(state__in=["waiting", "sending"]),
                name="delivery_of_a_host",
            ),
            models.Index(fields=["next_try_at"], condition=models.Q(state="new"), name="delivery_new"),
            models.Index(
                fields=["recipient", "planned_at"],
                condition=models.Q(planned_at__isnull=False),
                name="delivery_planned",
            ),
            models.Index(fields=["ticket_number", "-id"], name="delivery_of_a_ticket"),
            models.Index(fields=["address"], name="delivery_by_address"),
            models.Index(
                fields=["endpoint", "-id"], condition=models.Q(endpoint__isnull=False), name="delivery_of_endpoint"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.address}"


class Host(models.Model):
    """How a receiver fares: the domain of an address, a webhook. A row only where there is something to say."""

    name = models.CharField(_("name"), max_length=120, primary_key=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    closed_until = models.DateTimeField(_("nothing is sent there until"), null=True, blank=True)
    slow_until = models.DateTimeField(_("counts as slow until"), null=True, blank=True)
    last_answer = models.TextField(_("last answer"), blank=True)
    minute_at = models.DateTimeField(_("the minute that is counted"), null=True, blank=True)
    taken = models.PositiveIntegerField(_("sent in that minute"), default=0)

    objects: ClassVar[HostQuerySet] = HostQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Preferences(models.Model):
    """How a person wants to be alerted. No row: everything at once, a flood as one mail."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="alert_preferences"
    )
    # Of `breach:email` and the like: what he does not want. What is new is wanted.
    off = models.JSONField(_("not wanted"), default=list, blank=True)
    calendar = models.ForeignKey(
        Calendar,
        verbose_name=_("in working hours only"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("until"), null=True, blank=True)
    breaks_through = models.PositiveSmallIntegerField(_("breaks through from severity"), default=2)
    digest_above = models.PositiveSmallIntegerField(_("one mail instead of more than"), default=10)
    digest_minutes = models.PositiveSmallIntegerField(_("in so many minutes"), default=10)

    class Meta:
        verbose_name_plural = _("preferences")

    def __str__(self) -> str:
        return f"Preferences of {self.person}"


class Way(models.Model):
    """An address of a person besides the page, used once it is verified. Its target may be a secret, never shown."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ways", db_index=False)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    target = models.CharField(max_length=1000)
    label = models.CharField(_("name"), max_length=80, blank=True)
    code_hash = models.CharField(max_length=64, blank=True)
    code_sent_at = models.DateTimeField(null=True, blank=True)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    broken_at = models.DateTimeField(_("broken since"), null=True, blank=True)
    created_at = models.DateTimeField(_("added"))

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["person", "channel", "target"], name="way_once")]

    def __str__(self) -> str:
        return self.label or self.get_channel_display()


class OutsideWatch(models.Model):
    """An address that is called while the desk is well, so that somebody else notices when it is not (DESIGN §3.7).

    One row at most. Whoever knows the address can pretend that the desk lives: it is shown to administrators alone.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    url = models.CharField(_("address"), max_length=500)
    minutes = models.PositiveSmallIntegerField(_("every so many minutes"), default=5)
    next_at = models.DateTimeField(_("next call"))
    called_at = models.DateTimeField(_("last taken"), null=True, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="outsidewatch_is_one")]

    def __str__(self) -> str:
        return urlsplit(self.url).hostname or ""


class Endpoint(models.Model):
    """Somebody's program that is called by signed webhook with what people are alerted of (R71)."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    url = models.CharField(_("address"), max_length=500)
    kinds = models.JSONField(_("alerts that it hears of"), default=list, blank=True)
    events = models.JSONField(_("events that it hears of"), default=list, blank=True)
    # None is every team; of events every one that keeps nothing to itself.
    teams = models.ManyToManyField(Team, verbose_name=_("of these teams only"), blank=True, related_name="+")
    severity = models.PositiveSmallIntegerField(_("from this severity on"), null=True, blank=True)
    with_words = models.BooleanField(_("with the subject and who the customer is"), default=False)
    secret = models.CharField(max_length=80)
    # After a rotation both sign for a day, so that the receiver may change over at any moment of it.
    old_secret = models.CharField(max_length=80, blank=True)
    old_until = models.DateTimeField(null=True, blank=True)
    is_enabled = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField(_("added"))

    objects: ClassVar[EndpointQuerySet] = EndpointQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def hears_at(self, severity: int | None) -> bool:
        """Of what has no severity it hears where it hears of everything."""
        return self.severity is None or (severity is not None and severity <= self.severity)


class ReturnAddress(models.Model):
    """A mailbox whose provider keeps what stands behind the plus: what cannot be delivered may come back to it."""

    address = models.EmailField(_("address"), unique=True)

    def __str__(self) -> str:
        return self.address


class HookCursor(Tail):
    """How far the timeline has been told to programs; one row while any program listens (`escalation.telling`)."""
