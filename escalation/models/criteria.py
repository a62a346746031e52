"""What starts an escalation by itself: criteria, the letter to look at a ticket, and what came of it (R9, R11)."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.errors import InvalidInput
from escalation.enums import REASONS_OF_PEOPLE, CriterionMode, EscalateAs, ProposalEnd, Reason
from escalation.querysets import AssessmentQuerySet, CriterionQuerySet, ProposalQuerySet
from people.models import Team
from tickets import vocabulary
from tickets.models import Ticket

KIND_LIMIT = 40


class Criterion(models.Model):
    """Of which tickets an escalation is proposed, or opened at once. It launches escalations and never ends one.

    `kind` is one of the five of R9, or a word of the desk's own.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=KIND_LIMIT)
    conditions = models.JSONField(_("conditions"), default=dict, blank=True)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=[(n, f"S{n}") for n in range(1, 5)], default=3)
    reason = models.CharField(
        _("reason"), max_length=16, choices=REASONS_OF_PEOPLE, help_text=_("What the escalation gives as its reason.")
    )
    escalate_as = models.CharField(
        _("escalates"), max_length=12, choices=EscalateAs.choices, default=EscalateAs.HIERARCHICAL
    )
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="criteria",
        help_text=_("Whom a functional escalation goes to."),
    )
    mode = models.CharField(_("does"), max_length=8, choices=CriterionMode.choices, default=CriterionMode.PROPOSE)
    order = models.PositiveIntegerField(
        _("order"), default=100, help_text=_("Where several fit, the first of each kind opens.")
    )
    is_enabled = models.BooleanField(_("enabled"), default=True)

    objects: ClassVar[CriterionQuerySet] = CriterionQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["order", "pk"]
        verbose_name_plural = _("criteria")
        constraints = [
            models.CheckConstraint(condition=models.Q(severity__range=(1, 4)), name="criterion_severity_1_to_4"),
            models.CheckConstraint(
                condition=models.Q(escalate_as=EscalateAs.HIERARCHICAL, team=None)
                | models.Q(escalate_as=EscalateAs.FUNCTIONAL, team__isnull=False),
                name="criterion_functional_has_a_team",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_words(self) -> str:
        """One of the five by its name, the desk's own as it was written."""
        return str(Reason(self.kind).label) if self.kind in Reason.values else self.kind

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        if self.escalate_as == EscalateAs.FUNCTIONAL and self.team is None:
            errors["team"] = _("A functional escalation needs a team.")
        if self.escalate_as == EscalateAs.HIERARCHICAL and self.team is not None:
            errors["team"] = _("A hierarchical escalation goes up the chain of the ticket's own team: choose none.")
        try:
            self.conditions = vocabulary.check(self.conditions, with_signals=True)
        except InvalidInput as error:
            errors["conditions"] = error.errors["conditions"]
        else:
            if not self.conditions:
                errors["conditions"] = _("Without a condition every ticket would be escalated: say which.")
        if errors:
            raise ValidationError(errors)


class Assessment(models.Model):
    """A letter: look at this ticket at that moment. Left in the transaction in which something happened to it.

    Without a moment there is nothing to look at until something happens. The moment after the first look is the one
    at which what a criterion says of the response time comes true, so that nobody looks through all tickets.
    """

    ticket = models.OneToOneField(Ticket, primary_key=True, on_delete=models.CASCADE, related_name="assessment")
    next_moment = models.DateTimeField(null=True)
    assessed_at = models.DateTimeField(_("looked at"), null=True)
    attempts = models.PositiveIntegerField(default=0)

    objects: ClassVar[AssessmentQuerySet] = AssessmentQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        indexes = [
            models.Index(
                fields=["next_moment"], condition=models.Q(next_moment__isnull=False), name="assessment_next_moment"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id}"


class Proposal(models.Model):
    """A criterion was met by a ticket, or a routing rule fired for it; once for both, by constraint.

    `mode` and what is asked for are as they were at that moment: people accept or dismiss it, or it is a letter that
    the sweep answers with an escalation. `fired` says in words what was met, and what was found on the ticket.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="proposals", db_index=False)
    criterion = models.ForeignKey(Criterion, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals")
    # No relation: a rule may be removed, and what it has proposed stays.
    rule_key = models.BigIntegerField(null=True, blank=True)
    escalate_as = models.CharField(_("escalates"), max_length=12, choices=EscalateAs.choices)
    severity = models.PositiveSmallIntegerField(_("severity"))
    reason = models.CharField(_("reason"), max_length=16, choices=REASONS_OF_PEOPLE)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    ladder = models.CharField(max_length=80, blank=True)
    mode = models.CharField(_("does"), max_length=8, choices=CriterionMode.choices)
    fired = models.JSONField(_("what was met"), default=dict)
    at = models.DateTimeField(_("at"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end = models.CharField(_("how it ended"), max_length=10, choices=ProposalEnd.choices, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    why = models.TextField(_("why"), blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    # When people are told of it, or reminded; how often they were.
    next_word_at = models.DateTimeField(null=True)
    told = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[ProposalQuerySet] = ProposalQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "criterion"], name="proposal_once_for_ticket_and_criterion"),
            models.UniqueConstraint(fields=["ticket", "rule_key"], name="proposal_once_for_ticket_and_rule"),
            models.CheckConstraint(
                condition=models.Q(criterion__isnull=False, rule_key=None)
                | models.Q(criterion=None, rule_key__isnull=False),
                name="proposal_of_criterion_or_rule",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, end="") | models.Q(ended_at__isnull=False) & ~models.Q(end=""),
                name="proposal_end_is_said",
            ),
        ]
        indexes = [
            models.Index(fields=["at"], condition=models.Q(ended_at=None), name="proposal_open"),
            models.Index(
                fields=["next_word_at"], condition=models.Q(next_word_at__isnull=False), name="proposal_next_word"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: #{self.ticket_id}"

    @property
    def source(self) -> str:
        """The criterion, or the rule as it was called when it fired."""
        return self.criterion.name if self.criterion else str(self.fired.get("rule", ""))

    @property
    def kind_words(self) -> str:
        return self.criterion.kind_words if self.criterion else str(_("routing rule"))

    @property
    def words(self) -> str:
        """What was met, in one line."""
        return str(self.fired.get("sentence", ""))
