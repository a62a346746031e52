"""The review after a severe escalation: when one is called for, and what it says (R92)."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from calendars.models import Calendar
from escalation.enums import Avoidable, LearnedIn, ReviewState, State
from escalation.models.escalation import Escalation
from escalation.models.tracked import TrackedAction
from escalation.querysets import ReviewQuerySet, TrackedActionQuerySet

MOST_DAYS = 60


class ReviewTerms(models.Model):
    """Which escalations are looked back on, and by when. One row; without it these defaults."""

    SEVERITIES = [(n, f"S{n}") for n in range(1, 5)]

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    severity = models.PositiveSmallIntegerField(
        _("reviewed down to severity"),
        choices=SEVERITIES,
        null=True,
        blank=True,
        default=2,
        help_text=_("S1 is the gravest; S2 means S1 and S2. Empty: no review is called for by itself."),
    )
    days = models.PositiveSmallIntegerField(
        _("due so many working days after the close"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
    )
    calendar = models.ForeignKey(
        Calendar,
        verbose_name=_("working days of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"archived_at": None},
        help_text=_("Empty: every day counts."),
    )

    class Meta:
        verbose_name = _("terms of reviews")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="reviewterms_is_one"),
            models.CheckConstraint(condition=models.Q(days__range=(1, MOST_DAYS)), name="reviewterms_days"),
            models.CheckConstraint(
                condition=models.Q(severity=None) | models.Q(severity__range=(1, 4)), name="reviewterms_severity_1_to_4"
            ),
        ]

    def __str__(self) -> str:
        return str(_("Review after the close"))


class Review(models.Model):
    """What is learned from one escalation. Called for by its close, or by hand; again when it is closed again.

    While the escalation is reopened it waits, and is neither due nor overdue; what was written stays. Who runs the
    escalation waives one that nobody would learn from, and says why.
    """

    escalation = models.OneToOneField(Escalation, on_delete=models.CASCADE, related_name="review")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="reviews",
    )
    called_at = models.DateTimeField(_("called for"))
    due_at = models.DateTimeField(_("due"))
    went_well = models.TextField(_("what went well"), blank=True)
    went_badly = models.TextField(_("what went badly"), blank=True)
    next_contact = models.TextField(_("what we do at the next contact"), blank=True)
    avoidable = models.CharField(_("was it avoidable?"), max_length=6, choices=Avoidable.choices, blank=True)
    lessons_for = models.CharField(_("who should know"), max_length=200, blank=True)
    done_at = models.DateTimeField(_("done"), null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    waived_at = models.DateTimeField(_("waived"), null=True)
    waived_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    waive_reason = models.TextField(_("why it is waived"), blank=True)

    objects: ClassVar[ReviewQuerySet] = ReviewQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(done_at__isnull=True), name="review_open_by_due"),
            models.Index(fields=["-done_at"], condition=models.Q(done_at__isnull=False), name="review_done_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(waived_at=None, waive_reason="")
                | models.Q(waived_at__isnull=False, done_at=None) & ~models.Q(waive_reason=""),
                name="review_waived_for_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"Review of {self.escalation}"

    @property
    def actions(self) -> TrackedActionQuerySet:
        return TrackedAction.objects.filter(escalation=self.escalation_id, learned_in=LearnedIn.REVIEW)

    def standing(self, now: datetime) -> ReviewState:
        if self.done_at is not None:
            return ReviewState.DONE
        if self.waived_at is not None:
            return ReviewState.WAIVED
        if self.escalation.state != State.CLOSED:
            return ReviewState.WAITING
        return ReviewState.OVERDUE if self.due_at <= now else ReviewState.DUE
