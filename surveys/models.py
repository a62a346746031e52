from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.models import Escalation
from people.enums import Tier
from surveys.enums import About, Spared, Standing
from surveys.querysets import QuestionQuerySet
from tickets.models import Ticket

# Of the answer to a campaign's question, as the Net Promoter System has them.
PROMOTERS_FROM, PASSIVES_FROM = 9, 7


class SurveyTerms(models.Model):
    """When customers are asked how it was (R88). A desk without the row goes by these defaults."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    by_mail = models.BooleanField(
        _("ask by mail"), default=True, help_text=_("The request's own page asks in any case, once it is solved.")
    )
    after_minutes = models.PositiveIntegerField(
        _("so many minutes after it was solved"), default=60, help_text=_("Taken up again meanwhile, nobody is asked.")
    )
    after_escalations = models.BooleanField(_("ask after an escalation was closed"), default=True)
    quiet_days = models.PositiveSmallIntegerField(
        _("at most one question in so many days"), default=14, help_text=_("To one person, whatever it is about.")
    )

    class Meta:
        verbose_name = _("terms of surveys")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="surveyterms_is_one")]

    def __str__(self) -> str:
        return str(_("When customers are asked"))


class Campaign(models.Model):
    """One question to many customers: how likely it is that they recommend the desk, from 0 to 10."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    lowest_tier = models.CharField(
        _("from this tier up"),
        max_length=12,
        choices=Tier.choices,
        blank=True,
        help_text=_("Empty for all; a customer without an organisation counts as standard."),
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    started_at = models.DateTimeField(_("started"), editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    # Customers up to this key have been looked at; empty once all have been.
    looked_to = models.BigIntegerField(null=True, default=0, editable=False)
    next_moment = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [
            models.Index(
                fields=["next_moment"], condition=models.Q(next_moment__isnull=False), name="campaign_to_go_on"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Question(models.Model):
    """What one customer is asked once. Planned, then asked by a mail, then answered by its link; or spared.

    `score` is from 1 to 5, of a campaign from 0 to 10. That of a ticket becomes its rating, too.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="questions")
    about = models.CharField(_("about"), max_length=10, choices=About.choices)
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.CASCADE, related_name="questions")
    escalation = models.ForeignKey(Escalation, null=True, on_delete=models.CASCADE, related_name="questions")
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.CASCADE, related_name="questions")
    dedupe_key = models.CharField(max_length=80)
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.PLANNED)
    spared = models.CharField(_("why not asked"), max_length=10, choices=Spared.choices, blank=True)
    # When it is to be asked; empty once that has been looked at.
    next_moment = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(_("asked"), null=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    score = models.PositiveSmallIntegerField(_("score"), null=True)
    words = models.TextField(_("words"), blank=True)

    objects: ClassVar[QuestionQuerySet] = QuestionQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["dedupe_key"], name="question_asked_once"),
            models.CheckConstraint(
                condition=models.Q(about=About.TICKET, ticket__isnull=False)
                | models.Q(about=About.ESCALATION, ticket__isnull=False, escalation__isnull=False)
                | models.Q(about=About.CAMPAIGN, campaign__isnull=False),
                name="question_about_something",
            ),
            models.CheckConstraint(
                condition=models.Q(score=None)
                | models.Q(about=About.CAMPAIGN, score__lte=10)
                | models.Q(score__range=(1, 5)),
                name="question_score_in_range",
            ),
        ]
        indexes = [
            models.Index(fields=["next_moment"], condition=models.Q(next_moment__isnull=False), name="question_due"),
            models.Index(fields=["person", "asked_at"], name="question_by_person"),
        ]

    def __str__(self) -> str:
        return self.dedupe_key
