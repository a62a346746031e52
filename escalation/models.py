from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from escalation.enums import (
    STAGE_OF,
    STEP_OF,
    Audience,
    Cause,
    DeadlineKind,
    Decision,
    Kind,
    Origin,
    Reach,
    Reason,
    RungState,
    Stage,
    State,
)
from escalation.querysets import DeadlineQuerySet, EscalationQuerySet, RungQuerySet
from people.models import Team
from sla.models import Breach, Crossing
from tickets.models import Ticket


class Ladder(models.Model):
    """Who is alerted, in which order, after which delays, until somebody acknowledges."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    team = models.OneToOneField(
        Team,
        verbose_name=_("team"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="ladder",
        help_text=_("Without a team it serves all teams that have none of their own."),
    )

    def __str__(self) -> str:
        return self.name


class LadderLevel(models.Model):
    ladder = models.ForeignKey(Ladder, on_delete=models.CASCADE, related_name="levels")
    level = models.PositiveSmallIntegerField(_("level"))
    reach = models.CharField(_("whom"), max_length=16, choices=Reach.choices)
    delay = models.DurationField(_("after"), help_text=_("Counted from the alert of the level before."))

    class Meta:
        ordering = ["level"]
        constraints = [models.UniqueConstraint(fields=["ladder", "level"], name="ladderlevel_once")]

    def __str__(self) -> str:
        return f"{self.ladder} {self.level}"


class Procedure(models.Model):
    """Which exit conditions an escalation of some kind and severity has; the names are those of `conditions`."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, blank=True)
    severity_from = models.PositiveSmallIntegerField(_("severity from"), default=1)
    severity_to = models.PositiveSmallIntegerField(_("severity to"), default=4)
    conditions = models.JSONField(_("conditions by step"), default=dict)
    guide = models.SlugField(_("guide"), blank=True, help_text=_("Short name of the article that explains it."))
    order = models.PositiveIntegerField(_("order"), default=100)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class Escalation(FSMModelMixin, models.Model):
    """A matter raised: to skill (functional), to authority (hierarchical), or by a broken promise (automatic)."""

    number = models.BigAutoField(_("number"), primary_key=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices)
    state = FSMField(_("state"), choices=State.choices, default=State.INITIATED, protected=True, max_length=14)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=[(n, f"S{n}") for n in range(1, 5)])
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="escalations")
    # One escalation per breach, whatever crashes and however many sweep at once: this constraint is the promise.
    breach = models.OneToOneField(Breach, null=True, blank=True, on_delete=models.RESTRICT, related_name="escalation")
    # The same for a threshold that escalates: one for each position of a clock.
    crossing = models.OneToOneField(
        Crossing, null=True, blank=True, on_delete=models.RESTRICT, related_name="escalation"
    )
    reason = models.CharField(_("reason"), max_length=16, choices=Reason.choices)
    summary = models.CharField(_("what is asked"), max_length=300)
    tried = models.TextField(_("what was tried"), blank=True)
    wanted_by = models.DateTimeField(_("wanted by"), null=True, blank=True)
    team = models.ForeignKey(
        Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.SET_NULL, related_name="escalations"
    )
    from_team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    from_assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="requested_escalations"
    )
    decider = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="escalations_to_decide"
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="managed_escalations"
    )
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="escalations")
    ladder_name = models.CharField(max_length=80, blank=True)
    opened_at = models.DateTimeField(_("opened"))
    initiated_at = models.DateTimeField(null=True, blank=True)
    step_since = models.DateTimeField(_("in this step since"))
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    next_update_by = models.DateTimeField(_("next update by"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("declared resolved"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    access_confirmed_at = models.DateTimeField(_("access confirmed"), null=True, blank=True)
    access_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    cause = models.CharField(_("cause"), max_length=16, choices=Cause.choices, blank=True)
    end_reason = models.TextField(_("why it ended"), blank=True)

    objects: ClassVar[EscalationQuerySet] = EscalationQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["severity", "-number"]
        indexes = [
            models.Index(fields=["state", "severity"], name="escalation_by_state"),
            models.Index(fields=["ticket", "state"], name="escalation_by_ticket"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(severity__range=(1, 4)), name="escalation_severity_1_to_4"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"E-{self.number}"

    @property
    def promise(self) -> Breach | Crossing | None:
        """The letter that it answers: of a promise that was missed, or of a threshold on the way of one."""
        return self.breach or self.crossing

    @property
    def stage(self) -> Stage | None:
        return STAGE_OF[self.state]

    @property
    def step(self) -> int:
        """1 to 4 for the four steps, 0 before and beside them."""
        return STEP_OF[self.state]

    @transition(field=state, source=State.REQUESTED, target=State.INITIATED)
    def approve(self) -> None:
        """An authority agrees (R2, R3)."""

    @transition(field=state, source=State.REQUESTED, target=State.DECLINED)
    def decline(self) -> None:
        """An authority refuses."""

    @transition(field=state, source=[State.REQUESTED, State.INITIATED], target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """Whoever asked takes it back."""

    @transition(field=state, source=[State.INITIATED, State.COMMUNICATING], target=State.WITHDRAWN)
    def return_to_sender(self) -> None:
        """The receiving team gives it back."""

    @transition(field=state, source=State.INITIATED, target=State.WITHDRAWN)
    def give_way(self) -> None:
        """The promise that it warned of was missed, and the escalation of the breach goes on with the matter."""

    @transition(field=state, source=State.INITIATED, target=State.COMMUNICATING)
    def begin_communication(self) -> None:
        """Step 1 to step 2."""

    @transition(field=state, source=State.COMMUNICATING, target=State.RESOLVING)
    def begin_resolution(self) -> None:
        """Step 2 to step 3."""

    @transition(field=state, source=State.RESOLVING, target=State.RESOLVED)
    def resolve(self) -> None:
        """A manager declares it resolved (R46)."""

    @transition(field=state, source=[State.RESOLVED, State.CLOSED], target=State.RESOLVING)
    def reopen(self) -> None:
        """It was not resolved."""

    @transition(field=state, source=State.RESOLVED, target=State.CLOSED)
    def close(self) -> None:
        """The end of step 4."""

    @transition(
        field=state,
        source=[State.INITIATED, State.COMMUNICATING, State.RESOLVING],
        target=State.WITHDRAWN,
    )
    def deescalate(self) -> None:
        """A manager finds that it needs no escalation any more."""


class Rung(models.Model):
    """A level of the ladder as frozen onto one escalation.

    Only the next rung has a `next_moment`; the one after it gets its own when this one was sent (DESIGN §3.6).
    """

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="rungs")
    level = models.PositiveSmallIntegerField()
    reach = models.CharField(max_length=16, choices=Reach.choices)
    delay = models.DurationField()
    state = models.CharField(max_length=8, choices=RungState.choices, default=RungState.WAITING)
    who = models.CharField(max_length=300, blank=True)
    next_moment = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)

    objects: ClassVar[RungQuerySet] = RungQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["level"]
        constraints = [models.UniqueConstraint(fields=["escalation", "level"], name="rung_once")]
        indexes = [
            models.Index(fields=["next_moment"], condition=models.Q(next_moment__isnull=False), name="rung_next_moment")
        ]

    SENDING_FIELDS: ClassVar[list[str]] = ["state", "who", "sent_at", "next_moment"]

    def __str__(self) -> str:
        return f"{self.escalation} level {self.level}"

    def mark_sent(self, who: str, now: datetime) -> None:
        """In memory only: alerted now, or skipped where nobody stands on it."""
        self.state = RungState.SENT if who else RungState.SKIPPED
        self.who = who
        self.sent_at = now if who else None
        self.next_moment = None


class Deadline(models.Model):
    """An escalation's own promise: missing it alerts and opens nothing (DESIGN §3.2)."""

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="deadlines")
    kind = models.CharField(max_length=10, choices=DeadlineKind.choices)
    due_at = models.DateTimeField()
    next_moment = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)

    objects: ClassVar[DeadlineQuerySet] = DeadlineQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["due_at"]
        indexes = [
            models.Index(
                fields=["next_moment"], condition=models.Q(next_moment__isnull=False), name="deadline_next_moment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.escalation}"


class Approval(models.Model):
    """The decision on a hierarchical escalation (R3); one, by constraint, however many press at once."""

    escalation = models.OneToOneField(Escalation, on_delete=models.CASCADE, related_name="approval")
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices)
    note = models.TextField(_("note"), blank=True)
    amount = models.CharField(_("limit"), max_length=60, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    resources = models.CharField(_("people or hours"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.escalation}: {self.decision}"


class Communication(models.Model):
    """One update to one audience (R35, R36)."""

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="communications")
    audience = models.CharField(_("audience"), max_length=12, choices=Audience.choices)
    body = models.TextField(_("text"))
    next_update_by = models.DateTimeField(_("next update by"), null=True, blank=True)
    recipients = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.escalation} to {self.audience}"


class PlanTask(models.Model):
    """A task of the current action plan (R41); `plan_version` counts the plan's revisions."""

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="plan_tasks")
    plan_version = models.PositiveIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("task"), max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        ordering = ["plan_version", "position", "pk"]

    def __str__(self) -> str:
        return self.title


class Override(models.Model):
    """A condition that somebody with the right set aside, with a reason, for ever on record."""

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="overrides")
    condition = models.CharField(max_length=40)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    lapsed_at = models.DateTimeField(null=True, blank=True, help_text=_("It was for a step that was reopened since."))

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["escalation", "condition"], condition=models.Q(lapsed_at=None), name="override_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.escalation}: {self.condition}"


def as_names(people: Any) -> str:
    """People in one short line, as the ladder shows them."""
    return ", ".join(str(person) for person in people)[:300]
