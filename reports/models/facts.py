"""Facts: one narrow row for each ticket, promise and escalation, from which every report is counted (decision 34).

They are kept by `reports.keeping` and hold nothing that the rows below do not say; `manage.py rebuild_reports` makes
them anew. Lengths are whole seconds; what is empty has not happened. Who leaves, is merged or is removed does so here
by the same keys as there.
"""

from typing import Any

from django.conf import settings
from django.db import models

from common.tailing import Tail
from escalation.enums import Kind, Origin, Reason, State
from escalation.models import Criterion, Escalation, Procedure
from people.models import Organisation, Team
from sla.enums import Metric
from sla.models import Clock, Policy
from tickets.enums import Priority
from tickets.models import Ticket


def _kept(to: Any, **more: Any) -> "models.ForeignKey[Any, Any]":
    """Facts are asked by their times; who or what is behind them is looked up from there and never the other way."""
    return models.ForeignKey(to, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False, **more)


_WHOSE = ("team", "agent", "ticket")


class TicketFact(models.Model):
    """What became of a ticket. One that went into another has none, and none is in the trash."""

    ticket = models.OneToOneField(Ticket, primary_key=True, on_delete=models.CASCADE, related_name="fact")
    opened_at = models.DateTimeField()
    first_team = _kept(Team)
    team = _kept(Team)
    agent = _kept(settings.AUTH_USER_MODEL)
    organisation = _kept(Organisation)
    customer = _kept(settings.AUTH_USER_MODEL)
    priority = models.CharField(max_length=8, choices=Priority.choices)
    first_reply_at = models.DateTimeField(null=True)
    first_reply_seconds = models.PositiveBigIntegerField(null=True)
    solved_at = models.DateTimeField(null=True)
    solve_seconds = models.PositiveBigIntegerField(null=True)
    replies = models.PositiveIntegerField(default=0)
    reopens = models.PositiveIntegerField(default=0)
    # Colleagues who owned it, answered or noted something on it.
    parties = models.PositiveIntegerField(default=0)
    hand_offs = models.PositiveIntegerField(default=0)
    # Times that it came to a team which had had it before.
    bounces = models.PositiveIntegerField(default=0)
    # Of the times that are over; of the one that goes on, since when.
    unowned_seconds = models.PositiveBigIntegerField(default=0)
    unowned_since = models.DateTimeField(null=True)
    # Active tickets of its first team for each person who owned any, when the hour began in which it was opened; empty
    # until that hour has been counted.
    load = models.FloatField(null=True)
    score = models.PositiveSmallIntegerField(null=True)
    rated_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # With what is counted and who may see it: a report of a quarter reads the index alone.
            models.Index(
                fields=["opened_at", "unowned_seconds", "unowned_since", "bounces", *_WHOSE], name="ticketfact_opened"
            ),
            models.Index(fields=["first_reply_at", "first_reply_seconds", "load", *_WHOSE], name="ticketfact_replied"),
            models.Index(
                fields=["solved_at", "solve_seconds", "hand_offs", "parties", *_WHOSE], name="ticketfact_solved"
            ),
            models.Index(fields=["rated_at"], condition=models.Q(rated_at__isnull=False), name="ticketfact_rated"),
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id}"


class PromiseFact(models.Model):
    """A promise to a customer that was kept or broken; one that still runs or was cancelled has no fact.

    Times are the ledger's: `used_seconds` of working time until it was kept, or up to its last line. `is_kept_honestly`
    is what it would be without the pauses that look unjustified (`sla.honest`).
    """

    clock = models.OneToOneField(Clock, primary_key=True, on_delete=models.CASCADE, related_name="fact")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="promise_facts")
    metric = models.CharField(max_length=20, choices=Metric.choices)
    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="+", db_index=False)
    priority = models.CharField(max_length=8, choices=Priority.choices)
    team = _kept(Team)
    # Whose the ticket was when it was decided.
    agent = _kept(settings.AUTH_USER_MODEL)
    organisation = _kept(Organisation)
    # Whose the ticket is now: who may see it.
    home = _kept(Team)
    owner = _kept(settings.AUTH_USER_MODEL)
    started_at = models.DateTimeField()
    # When it was broken, or else when it was kept.
    decided_at = models.DateTimeField()
    is_kept = models.BooleanField()
    is_kept_honestly = models.BooleanField()
    target_seconds = models.PositiveBigIntegerField()
    used_seconds = models.PositiveBigIntegerField()
    paused_seconds = models.PositiveBigIntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=["decided_at", "metric", "is_kept", "is_kept_honestly", "home", "owner", "ticket"],
                name="promisefact_decided",
            )
        ]

    def __str__(self) -> str:
        return f"{self.metric} of #{self.ticket_id}"


class EscalationFact(models.Model):
    """What became of an escalation."""

    escalation = models.OneToOneField(Escalation, primary_key=True, on_delete=models.CASCADE, related_name="fact")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="escalation_facts")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    reason = models.CharField(max_length=16, choices=Reason.choices)
    state = models.CharField(max_length=14, choices=State.choices)
    severity = models.PositiveSmallIntegerField()
    cause = models.CharField(max_length=40, blank=True)
    # The one that it came from, where it was handed over, else its own.
    team = _kept(Team)
    agent = _kept(settings.AUTH_USER_MODEL)
    organisation = _kept(Organisation)
    customer = _kept(settings.AUTH_USER_MODEL)
    home = _kept(Team)
    owner = _kept(settings.AUTH_USER_MODEL)
    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="+", db_index=False)
    criterion = _kept(Criterion)
    # A routing rule by its key, which may be removed; what it did stays.
    rule_key = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    # Whether an authority agreed; empty while that is open, and of what needs none.
    is_approved = models.BooleanField(null=True)
    # Whether everybody who must hear of it within the hour did (R35); empty while that is open or of nobody.
    is_told_in_time = models.BooleanField(null=True)
    promises_kept = models.PositiveIntegerField(default=0)
    promises_broken = models.PositiveIntegerField(default=0)
    acknowledge_seconds = models.PositiveBigIntegerField(null=True)
    # The highest level of its ladder that was alerted before somebody acknowledged, and how long he took from then.
    level = models.PositiveSmallIntegerField(null=True)
    level_seconds = models.PositiveBigIntegerField(null=True)
    # Whether the team that it was handed to gave it back; empty of what was not handed to any.
    is_bounced = models.BooleanField(null=True)
    # How long it stood at each of the steps that it has left.
    decide_seconds = models.PositiveBigIntegerField(null=True)
    initiate_seconds = models.PositiveBigIntegerField(null=True)
    communicate_seconds = models.PositiveBigIntegerField(null=True)
    resolve_seconds = models.PositiveBigIntegerField(null=True)
    close_seconds = models.PositiveBigIntegerField(null=True)
    resolved_at = models.DateTimeField(null=True)
    # From its opening until it was declared resolved.
    solve_seconds = models.PositiveBigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["opened_at"], name="escalationfact_opened"),
            models.Index(fields=["organisation", "opened_at"], name="escalationfact_customer"),
            models.Index(fields=["resolved_at"], condition=models.Q(state="resolved"), name="escalationfact_unclosed"),
        ]

    def __str__(self) -> str:
        return f"E-{self.escalation_id}"


class LoadHour(models.Model):
    """How much a team had in hand when an hour began: its active tickets, and the people who owned any of them.

    Without a team: what belonged to none. Hours in which there was nothing have no row.
    """

    hour = models.DateTimeField()
    team = _kept(Team)
    open = models.PositiveIntegerField()
    people = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["hour"], name="loadhour_hour")]

    def __str__(self) -> str:
        return f"{self.team_id} at {self.hour:%Y-%m-%d %H:%M}: {self.open}"


class FactTail(Tail):
    """How far the facts have been kept; one row."""

    # Tickets up to this number are still to be counted anew, the greatest first; empty once all are.
    recount_below = models.BigIntegerField(null=True)
    # The recount begins when all has ended that went on when it was asked for.
    recount_awaits = models.BigIntegerField(default=0)
    # The first hour of which the load has not been counted.
    load_from = models.DateTimeField(null=True)
