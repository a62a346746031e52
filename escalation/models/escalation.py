"""The escalation itself and its state machine (DESIGN §4)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from escalation.enums import STAGE_OF, STEP_OF, WITHDRAWABLE, Cause, Kind, Origin, Reason, Stage, State, Trend
from escalation.models.criteria import Proposal
from escalation.models.procedures import Procedure
from escalation.querysets import EscalationQuerySet
from knowledge.models import ArticleVersion
from people.authority import Sum
from people.models import Team
from sla.models import Breach, Crossing
from tickets.models import Ticket


class Escalation(FSMModelMixin, models.Model):
    """A matter raised: to skill (functional), to authority (hierarchical), or by a broken promise (automatic)."""

    number = models.BigAutoField(_("number"), primary_key=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices)
    state = FSMField(_("state"), choices=State.choices, default=State.INITIATED, protected=True, max_length=14)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=[(n, f"S{n}") for n in range(1, 5)])
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="escalations", db_index=False)
    # One escalation per breach, whatever crashes and however many sweep at once: this constraint is the promise.
    breach = models.OneToOneField(Breach, null=True, blank=True, on_delete=models.RESTRICT, related_name="escalation")
    # The same for a threshold that escalates: one for each position of a clock.
    crossing = models.OneToOneField(
        Crossing, null=True, blank=True, on_delete=models.RESTRICT, related_name="escalation"
    )
    # And for a criterion: what it proposed, or opens at once, becomes one escalation.
    proposal = models.OneToOneField(
        Proposal, null=True, blank=True, on_delete=models.RESTRICT, related_name="escalation"
    )
    reason = models.CharField(_("reason"), max_length=16, choices=Reason.choices)
    summary = models.CharField(_("what is asked"), max_length=300)
    exception_reason = models.TextField(_("why no procedure fits"), blank=True)
    tried = models.TextField(_("what was tried"), blank=True)
    impact = models.TextField(_("impact"), blank=True)
    # The desk's own fields of escalations (R22) by their keys; `tickets.fields` says how a value is kept.
    fields = models.JSONField(_("fields"), default=dict, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
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
    # The guide as it was in force at the start, whatever is approved since (R70).
    guide = models.ForeignKey(
        ArticleVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    ladder_name = models.CharField(max_length=80, blank=True)
    # Which round of the ladder this is: it starts again when an acknowledgement has lapsed.
    ladder_round = models.PositiveSmallIntegerField(default=1, editable=False)
    opened_at = models.DateTimeField(_("opened"))
    initiated_at = models.DateTimeField(null=True, blank=True)
    step_since = models.DateTimeField(_("in this step since"))
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # As the last update said; each update keeps its own.
    trend = models.CharField(_("trend"), max_length=9, choices=Trend.choices, blank=True)
    # The acknowledgement stays on record, and a step that was taken on it stays taken; but somebody is asked again.
    lapsed_at = models.DateTimeField(_("acknowledgement lapsed"), null=True, blank=True)
    next_update_by = models.DateTimeField(_("next update by"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("declared resolved"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # How many customers it harms, and of how many it is open whether they can work again: kept by `escalation.affected`
    # under the lock, so that lists and conditions need not count. The requester is there from the beginning.
    affected_count = models.PositiveIntegerField(_("affected customers"), default=1, editable=False)
    access_open = models.PositiveIntegerField(_("without access so far"), default=1, editable=False)
    access_confirmed_at = models.DateTimeField(_("access confirmed"), null=True, blank=True)
    access_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    # A key of `Cause`, or of the desk's own; of these the name stays as it was when it was chosen.
    cause = models.CharField(_("cause"), max_length=40, blank=True)
    cause_name = models.CharField(max_length=80, blank=True, editable=False)
    end_reason = models.TextField(_("why it ended"), blank=True)

    # When what was said of it went for its age (`escalation.forgetting`).
    words_removed_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[EscalationQuerySet] = EscalationQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["severity", "-number"]
        indexes = [
            models.Index(fields=["state", "severity"], name="escalation_by_state"),
            models.Index(fields=["ticket", "state"], name="escalation_by_ticket"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(severity__range=(1, 4)), name="escalation_severity_1_to_4"),
            models.CheckConstraint(
                condition=models.Q(amount=None, currency="") | models.Q(amount__gt=0) & ~models.Q(currency=""),
                name="escalation_sum_has_a_currency",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"E-{self.number}"

    @property
    def is_acknowledged(self) -> bool:
        """Somebody has it in hand, and has kept what he promised since."""
        return self.acknowledged_at is not None and self.lapsed_at is None

    @property
    def promise(self) -> Breach | Crossing | None:
        """The letter that it answers: of a promise that was missed, or of a threshold on the way of one."""
        return self.breach or self.crossing

    @property
    def sum(self) -> Sum | None:
        """What the requester wants to be allowed to grant, where it is money."""
        return Sum(self.amount, self.currency) if self.amount is not None else None

    def get_cause_display(self) -> str:
        return str(Cause(self.cause).label) if self.cause in Cause.values else self.cause_name

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

    @transition(field=state, source=list(WITHDRAWABLE), target=State.WITHDRAWN)
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
