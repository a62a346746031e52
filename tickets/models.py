from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from people.models import Organisation, Team
from tickets.enums import Channel, EventKind, Priority, Status
from tickets.querysets import EventQuerySet, MessageQuerySet, TicketQuerySet


class Tag(models.Model):
    name = models.CharField(_("name"), max_length=40, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Ticket(FSMModelMixin, models.Model):
    """A customer's matter from the first word to the end.

    `severity`, `next_due_at` and `escalation_state` are written down here by the floors above
    (`actions.set_attention`), so that lists can sort and filter by them.
    """

    number = models.BigAutoField(_("number"), primary_key=True)
    subject = models.CharField(_("subject"), max_length=200)
    status = FSMField(_("status"), choices=Status.choices, default=Status.NEW, protected=True, max_length=10)
    priority = models.CharField(_("priority"), max_length=8, choices=Priority.choices, default=Priority.NORMAL)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices, default=Channel.WEB)
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="tickets"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tickets",
    )
    team = models.ForeignKey(
        Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.SET_NULL, related_name="tickets"
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="assigned_tickets",
    )
    tags: "models.ManyToManyField[Tag, Any]" = models.ManyToManyField(Tag, blank=True, related_name="tickets")
    created_at = models.DateTimeField(_("opened"))
    updated_at = models.DateTimeField(_("changed"))
    last_customer_message_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_agent_reply_at = models.DateTimeField(null=True, blank=True, editable=False)
    solved_at = models.DateTimeField(_("solved"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    severity = models.PositiveSmallIntegerField(_("severity"), null=True, blank=True, editable=False)
    next_due_at = models.DateTimeField(_("next due"), null=True, blank=True, editable=False)
    escalation_state = models.CharField(_("escalation"), max_length=14, null=True, blank=True, editable=False)
    escalation_number = models.BigIntegerField(null=True, blank=True, editable=False)

    objects: ClassVar[TicketQuerySet] = TicketQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["status", "next_due_at"], name="ticket_status_due"),
            models.Index(fields=["team", "status"], name="ticket_team_status"),
            models.Index(fields=["requester", "-number"], name="ticket_requester"),
            models.Index(
                fields=["next_due_at"],
                condition=models.Q(status__in=["new", "open", "waiting", "on_hold"]),
                name="ticket_active_due",
            ),
            models.Index(
                fields=["priority"],
                condition=models.Q(assignee=None, status__in=["new", "open", "waiting", "on_hold"]),
                name="ticket_unowned",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.subject}"

    @property
    def is_done(self) -> bool:
        return self.status in {Status.SOLVED, Status.CLOSED}

    @transition(field=status, source=[Status.NEW], target=Status.OPEN)
    def start_work(self) -> None:
        """Somebody has taken it up."""

    @transition(field=status, source=[Status.NEW, Status.OPEN, Status.ON_HOLD], target=Status.WAITING)
    def wait_on_customer(self) -> None:
        """The customer has to answer; customer clocks pause."""

    @transition(field=status, source=[Status.NEW, Status.OPEN, Status.WAITING], target=Status.ON_HOLD)
    def put_on_hold(self) -> None:
        """A third party has to act; customer clocks run on."""

    @transition(field=status, source=[Status.WAITING, Status.ON_HOLD], target=Status.OPEN)
    def resume(self) -> None:
        """Work goes on."""

    @transition(field=status, source=[Status.NEW, Status.OPEN, Status.WAITING, Status.ON_HOLD], target=Status.SOLVED)
    def solve(self) -> None:
        """We say that it is done."""

    @transition(field=status, source=[Status.SOLVED, Status.CLOSED], target=Status.OPEN)
    def reopen(self) -> None:
        """It was not done."""

    @transition(field=status, source=[Status.SOLVED], target=Status.CLOSED)
    def close(self) -> None:
        """Done for good."""


class Message(models.Model):
    """What somebody wrote on a ticket: to the customer or, as an internal note, to colleagues only."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="messages")
    is_public = models.BooleanField(_("public"), default=True)
    by_customer = models.BooleanField(_("written by the customer"), default=False)
    body = models.TextField(_("text"))
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    created_at = models.DateTimeField(_("at"))
    external_id = models.CharField(_("Message-ID"), max_length=400, blank=True)

    objects: ClassVar[MessageQuerySet] = MessageQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["ticket", "created_at"], name="message_by_ticket")]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M} {self.author}"


class Attachment(models.Model):
    """A file on a message. Its type comes from its bytes, its stored name is random."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64)
    stored = models.FileField(upload_to="%Y/%m", max_length=120)

    def __str__(self) -> str:
        return self.name


class Event(models.Model):
    """One line of the timeline. Rows are only ever added."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(_("what"), max_length=40)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(_("at"))
    data = models.JSONField(default=dict)
    reference = models.CharField(_("about"), max_length=20, blank=True)

    objects: ClassVar[EventQuerySet] = EventQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["ticket", "at"], name="event_by_ticket"),
            models.Index(fields=["at"], name="event_by_time"),
            models.Index(fields=["reference", "at"], condition=~models.Q(reference=""), name="event_by_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on #{self.ticket_id}"

    @property
    def label(self) -> str:
        return str(dict(EventKind.choices).get(self.kind, self.kind))


class RoutingRule(models.Model):
    """Where a new ticket goes; the first rule in order whose conditions hold decides (R56)."""

    name = models.CharField(_("name"), max_length=80)
    order = models.PositiveIntegerField(_("order"), default=100)
    conditions = models.JSONField(_("conditions"), default=dict, blank=True)
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.CASCADE, related_name="+")
    is_enabled = models.BooleanField(_("enabled"), default=True)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name
