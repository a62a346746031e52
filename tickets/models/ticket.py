from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE, FSMField, FSMModelMixin, transition

from people.models import Organisation, Team, User
from tickets.enums import Channel, Kind, Priority, Status, Trash, Wait
from tickets.querysets import TicketQuerySet
from tickets.waits import kind_of


class Tag(models.Model):
    name = models.CharField(_("name"), max_length=40, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Ticket(FSMModelMixin, models.Model):
    """A customer's matter from the first word to the end.

    `severity`, `next_due_at` (the clocks' and its own) and `escalation_state` are written down here by the floors above
    (`actions.set_attention`), so that lists can sort and filter by them. `fields` holds the custom fields' values
    by their keys (R22).
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
    kind = models.CharField(_("type"), max_length=8, choices=Kind.choices, default=Kind.QUESTION)
    fields = models.JSONField(_("custom fields"), default=dict, blank=True)
    watchers: "models.ManyToManyField[User, Any]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("watchers"), blank=True, related_name="watched_tickets"
    )
    created_at = models.DateTimeField(_("opened"))
    updated_at = models.DateTimeField(_("changed"))
    last_customer_message_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_agent_reply_at = models.DateTimeField(null=True, blank=True, editable=False)
    waits_for = models.CharField(_("waits for"), max_length=20, choices=Wait.choices, blank=True, editable=False)
    solved_at = models.DateTimeField(_("solved"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    severity = models.PositiveSmallIntegerField(_("severity"), null=True, blank=True, editable=False)
    # Of what is to be done by a day, as a task is; promises to customers are clocks.
    due_at = models.DateTimeField(_("to be done by"), null=True, blank=True)
    next_due_at = models.DateTimeField(_("next due"), null=True, blank=True, editable=False)
    escalation_state = models.CharField(_("escalation"), max_length=14, null=True, blank=True, editable=False)
    escalation_number = models.BigIntegerField(null=True, blank=True, editable=False)
    snoozed_until = models.DateTimeField(_("snoozed until"), null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="merged"
    )
    trashed_at = models.DateTimeField(_("put away"), null=True, blank=True, editable=False)
    # Its words are gone by their age (tickets/forgetting.py); what figures are made of stays.
    words_removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    trashed_as = models.CharField(_("put away as"), max_length=5, choices=Trash.choices, blank=True, editable=False)

    objects: ClassVar[TicketQuerySet] = TicketQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["team", "status"], name="ticket_team_status"),
            models.Index(fields=["requester", "-number"], name="ticket_requester"),
            # On PostgreSQL with what open tickets are counted by besides (migration 0007).
            models.Index(
                fields=["next_due_at", "number"],
                condition=models.Q(status__in=["new", "open", "waiting", "on_hold"]),
                name="ticket_active_due",
            ),
            models.Index(
                fields=["priority"],
                condition=models.Q(assignee=None, status__in=["new", "open", "waiting", "on_hold"]),
                name="ticket_unowned",
            ),
            # What to do next: of each group and severity a page is one walk along one of these (tickets/queue.py).
            models.Index(
                fields=["severity", "next_due_at", "number"],
                condition=models.Q(status__in=["new", "open", "waiting", "on_hold"]),
                name="ticket_do_next",
            ),
            models.Index(
                fields=["severity", "next_due_at", "number"],
                condition=models.Q(status__in=["new", "open", "on_hold"]),
                name="ticket_moving",
            ),
            models.Index(
                fields=["severity", "next_due_at", "number"],
                condition=models.Q(status__in=["waiting"]),
                name="ticket_waiting",
            ),
            models.Index(
                fields=["snoozed_until"], condition=models.Q(snoozed_until__isnull=False), name="ticket_snoozed"
            ),
            models.Index(fields=["trashed_at"], condition=models.Q(trashed_at__isnull=False), name="ticket_trashed"),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.subject}"

    @cached_property
    def customer_name(self) -> str:
        """Who waits for it; `TicketQuerySet.with_customer_name` has it read with the ticket."""
        return self.organisation.name if self.organisation else self.requester.name

    @property
    def is_done(self) -> bool:
        return self.status in {Status.SOLVED, Status.CLOSED}

    @property
    def owes_answer(self) -> bool:
        """The customer has spoken last."""
        asked, answered = self.last_customer_message_at, self.last_agent_reply_at
        return not self.is_done and asked is not None and (answered is None or answered < asked)

    @property
    def stands_still_for(self) -> str:
        """The kind of reason for which it waits or is on hold; empty while work goes on."""
        return kind_of(self.status, self.waits_for)

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

    @transition(field=status, source="*", target=Status.CLOSED)
    def go_into_another(self) -> None:
        """It was merged: the matter goes on elsewhere."""

    @transition(field=status, source=[Status.CLOSED], target=RETURN_VALUE(*Status.values))
    def come_back(self, status: str) -> str:
        """The merge was taken apart: as it was before."""
        return status

    @transition(field=status, source="*", target=RETURN_VALUE(*Status.values))
    def step_back(self, status: str) -> str:
        """A step was a mistake and is taken back: as it was before it."""
        return status
