from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from calendars.models import Calendar, CalendarVersion
from calendars.worktime import WorkTime
from people.models import Team
from sla.crossings import Crossing as Crossing
from sla.enums import (
    POLICY_METRIC_CHOICES,
    POLICY_METRICS,
    WARN_AT,
    AppliesTo,
    ClockState,
    DutyOutcome,
    EntryKind,
    Metric,
    ObligationStep,
    team_key,
)
from sla.hours import hours_of
from sla.querysets import BreachQuerySet, ClockQuerySet, PolicyVersionQuerySet, Promises, TeamTargets
from sla.thresholds import Milestone, milestones, read, still_fired
from tickets.enums import Priority, Wait
from tickets.models import Ticket


def default_severities() -> dict[str, int]:
    """Severity of an automatic escalation by the ticket's priority."""
    return {Priority.URGENT: 1, Priority.HIGH: 2, Priority.NORMAL: 3, Priority.LOW: 4}


def default_pauses() -> dict[str, list[str]]:
    """Which reasons for standing still stop which clocks: where only the customer can go on, all of them."""
    return {Wait.CUSTOMER.value: [metric.value for metric in POLICY_METRICS]}


class Policy(models.Model):
    """A set of promises. What it promises stands in its versions; the newest that is published is for new tickets."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    order = models.PositiveIntegerField(_("order"), default=100, help_text=_("The first policy that matches decides."))
    is_enabled = models.BooleanField(_("enabled"), default=True)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        ordering = ["order", "pk"]
        verbose_name_plural = _("policies")

    def __str__(self) -> str:
        return self.name


class PolicyVersion(models.Model):
    """A policy as it was from some moment on; never edited once it is published, so that history keeps its own rules.

    A policy may have one draft, which never acts: it waits for an administrator to publish it.
    """

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    conditions = models.JSONField(_("conditions"), default=dict, blank=True)
    severities = models.JSONField(_("severity by priority"), default=default_severities)
    calendar = models.ForeignKey(
        Calendar,
        verbose_name=_("calendar"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Without a calendar the clock runs round the clock."),
    )
    pauses = models.JSONField(_("what stops which clocks"), default=default_pauses, blank=True)
    obligations = models.JSONField(_("obligations"), default=list, blank=True)
    valid_from = models.DateTimeField(_("valid from"), null=True, blank=True)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(_("published"), null=True)
    applied_to = models.CharField(_("applied to"), max_length=12, choices=AppliesTo.choices, blank=True)

    objects: ClassVar[PolicyVersionQuerySet] = PolicyVersionQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["policy", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="policyversion_number_once"),
            models.UniqueConstraint(
                fields=["policy"], condition=models.Q(published_at=None), name="policyversion_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return _("%(name)s, version %(number)d") % {"name": self.policy.name, "number": self.number}

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    def calendar_for(self, target: "Aim") -> CalendarVersion | None:
        """What a clock that starts now runs under; None is round the clock."""
        return None if target.round_the_clock or self.calendar is None else self.calendar.current

    def severity_for(self, priority: str) -> int:
        return int(self.severities.get(priority, 4))


class Target(models.Model):
    """One promise of a policy version: a metric at a priority within so many seconds."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.CASCADE, related_name="targets")
    metric = models.CharField(_("target"), max_length=20, choices=POLICY_METRIC_CHOICES)
    priority = models.CharField(_("priority"), max_length=8, choices=Priority.choices)
    seconds = models.PositiveIntegerField(_("seconds"))
    thresholds = models.JSONField(
        _("thresholds"), default=list, help_text=_("A bare number warns the owner at so many per cent.")
    )
    round_the_clock = models.BooleanField(
        _("round the clock"), default=False, help_text=_("Counted at all hours, whatever the policy's calendar says.")
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "metric", "priority"], name="target_once"),
            models.CheckConstraint(condition=models.Q(seconds__gt=0), name="target_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.priority}: {self.seconds} s"

    @property
    def key(self) -> str:
        return self.metric


class TeamTarget(models.Model):
    """How long a team may hold a ticket of a priority under a policy version (R42). Agreed inside, promised to nobody.

    At `warn_at` per cent its owner is warned. Missing it alerts the team's lead and managers, or else `escalates`.
    """

    version = models.ForeignKey(PolicyVersion, on_delete=models.CASCADE, related_name="team_targets")
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.PROTECT, related_name="+")
    priority = models.CharField(_("priority"), max_length=8, choices=Priority.choices)
    seconds = models.PositiveIntegerField(_("seconds"))
    round_the_clock = models.BooleanField(_("round the clock"), default=False)
    escalates = models.BooleanField(_("escalates when missed"), default=False)
    warn_at = models.PositiveSmallIntegerField(_("warns at per cent"), null=True, default=WARN_AT)

    objects: ClassVar[TeamTargets] = TeamTargets()

    class Meta:
        ordering = ["team__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "team", "priority"], name="teamtarget_once"),
            models.CheckConstraint(condition=models.Q(seconds__gt=0), name="teamtarget_positive"),
        ]

    metric = Metric.INTERNAL

    def __str__(self) -> str:
        return f"{self.team.slug} {self.priority}: {self.seconds} s{', escalates' if self.escalates else ''}"

    @property
    def thresholds(self) -> list[int]:
        return [self.warn_at] if self.warn_at else []

    @property
    def key(self) -> str:
        return team_key(self.team_id)


Aim = Target | TeamTarget


class Clock(models.Model):
    """A promise to one customer, running. All of it but identity can be recomputed from `entries`.

    Or what a team uses of its internal target: then `responsible_team` is that team, which has one clock for each
    ticket, however often it comes back; `cycle` only numbers them. `objects` leaves these out.

    `state` is a summary of the ledger and not a workflow of its own, hence no state machine: it changes only together
    with an entry, under the ticket's lock. A metric that recurs (the next reply) has a clock for each `cycle`.
    `next_moment` is when the sweep has to look again (a threshold or the due time), None when it need not.
    `fired` are the positions of the thresholds that have done what they do, written in the same transaction.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="clocks", db_index=False)
    metric = models.CharField(_("target"), max_length=20, choices=Metric.choices)
    state = models.CharField(_("state"), max_length=10, choices=ClockState.choices, default=ClockState.RUNNING)
    target_seconds = models.PositiveIntegerField(_("seconds"))
    thresholds = models.JSONField(default=list)
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="clocks")
    calendar_version = models.ForeignKey(CalendarVersion, null=True, on_delete=models.PROTECT, related_name="+")
    responsible_team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField(_("started"))
    due_at = models.DateTimeField(_("due"), null=True)
    cycle = models.PositiveIntegerField(default=1)
    used = models.DurationField(default=timedelta, help_text=_("Work time counted before it last began to run."))
    running_since = models.DateTimeField(null=True)
    fired = models.JSONField(default=list)
    next_moment = models.DateTimeField(null=True)
    met_at = models.DateTimeField(_("met"), null=True)
    breached_at = models.DateTimeField(_("breached"), null=True)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    quarantined_at = models.DateTimeField(null=True)

    objects: ClassVar[Promises] = Promises()
    every: ClassVar[ClockQuerySet] = ClockQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "metric", "cycle"], name="clock_once_per_cycle"),
            models.UniqueConstraint(
                fields=["ticket", "responsible_team"],
                condition=models.Q(metric=Metric.INTERNAL),
                name="clock_once_per_team",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_moment"], condition=models.Q(next_moment__isnull=False), name="clock_next_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} of #{self.ticket_id}"

    @property
    def target(self) -> timedelta:
        return timedelta(seconds=self.target_seconds)

    @property
    def is_internal(self) -> bool:
        return self.metric == Metric.INTERNAL

    @property
    def key(self) -> str:
        """Among the clocks of its ticket; the rounds of one promise share it."""
        if not self.is_internal:
            return self.metric
        return team_key(self.responsible_team_id) if self.responsible_team_id else f"{self.metric}:gone:{self.cycle}"

    @property
    def name(self) -> str:
        if not self.is_internal:
            return str(Metric(self.metric).label)
        team = self.responsible_team
        return str(_("Internal, %(team)s")) % {"team": team.name if team else _("a team that is gone")}

    @property
    def is_stopped(self) -> bool:
        return self.met_at is not None or self.state == ClockState.CANCELLED

    @property
    def hours(self) -> WorkTime:
        return hours_of(self.calendar_version)

    @property
    def milestones(self) -> tuple[Milestone, ...]:
        return milestones(read(self.thresholds), self.target)

    def aim_at(self, target: "Aim", version: PolicyVersion) -> None:
        """In memory only: from now on it is this target, under the calendar as it is now.

        What has fired and lies behind under the new target as well stays fired; the time used is counted already.
        """
        self.target_seconds = target.seconds
        self.thresholds = list(target.thresholds)
        self.fired = still_fired(self.fired, self.target, self.used)
        self.policy_version = version
        self.calendar_version = version.calendar_for(target)

    def line(
        self,
        kind: str,
        at: datetime,
        *,
        by: Any = None,
        reason: str = "",
        waits_for: str = "",
        with_target: bool = False,
    ) -> "LedgerEntry":
        """A line of its ledger, not yet written."""
        return LedgerEntry(
            clock=self,
            kind=kind,
            at=at,
            by=by,
            reason=reason[:200],
            waits_for=waits_for,
            target_seconds=self.target_seconds if with_target else None,
            calendar_version=self.calendar_version if with_target else None,
            policy_version=self.policy_version if with_target else None,
        )

    def add_line(self, kind: str, at: datetime, **words: Any) -> None:
        self.line(kind, at, **words).save(force_insert=True)

    def lines(self) -> Sequence["LedgerEntry"]:
        """Its ledger, in the order of writing."""
        return list(self.entries.order_by("pk"))


class LedgerEntry(models.Model):
    """One line of a clock's ledger (DESIGN §3.9). Only ever added: saving again or deleting is refused."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="entries")
    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("what"), max_length=12, choices=EntryKind.choices)
    target_seconds = models.PositiveIntegerField(null=True)
    calendar_version = models.ForeignKey(CalendarVersion, null=True, on_delete=models.PROTECT, related_name="+")
    policy_version = models.ForeignKey(PolicyVersion, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("why"), max_length=200, blank=True)
    waits_for = models.CharField(_("waits for"), max_length=20, choices=Wait.choices, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        # The order of writing: two processes' clocks may differ by more than lies between two lines.
        ordering = ["pk"]
        verbose_name_plural = _("ledger entries")
        indexes = [
            # What managers look through by days; all else is read clock by clock.
            models.Index(fields=["at"], condition=models.Q(kind=EntryKind.PAUSED), name="ledgerentry_paused_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M:%S}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("A ledger entry is never edited.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("A ledger entry is never deleted.")


class Breach(models.Model):
    """A letter to the floor above: a promise was missed, and nobody has escalated it yet.

    One per clock, by constraint; `answered_at` is set in the transaction that opens the escalation.
    """

    clock = models.OneToOneField(Clock, on_delete=models.CASCADE, related_name="breach")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="breaches")
    metric = models.CharField(_("target"), max_length=20, choices=Metric.choices)
    due_at = models.DateTimeField(_("was due"))
    noticed_at = models.DateTimeField(_("noticed"))
    severity = models.PositiveSmallIntegerField(_("severity"))
    responsible_team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(_("escalated"), null=True)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    quarantined_at = models.DateTimeField(null=True)

    objects: ClassVar[BreachQuerySet] = BreachQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name_plural = _("breaches")
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(answered_at=None), name="breach_unanswered"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} of #{self.ticket_id}, due {self.due_at:%Y-%m-%d %H:%M:%S}"


class Duty(models.Model):
    """One obligation at one attempt to leave its step: how it stood, and what became of the attempt (R76).

    The newest line of a ticket, step and fact says how it ended; those before it, whether it was held up first.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="duties")
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(_("step"), max_length=12, choices=ObligationStep.choices)
    fact = models.CharField(_("what has to be known"), max_length=80)
    outcome = models.CharField(_("outcome"), max_length=12, choices=DutyOutcome.choices)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = _("duties")
        indexes = [
            models.Index(fields=["at"], name="duty_at"),
            models.Index(fields=["ticket", "step", "fact"], name="duty_of_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.fact} of #{self.ticket_id}: {self.outcome}"
