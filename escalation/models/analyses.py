"""The root cause analysis: the internal one, and what each customer is given of it (R50–R54)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.enums import LearnedIn
from escalation.models.escalation import Escalation
from escalation.models.tracked import TrackedAction
from escalation.querysets import AnalysisQuerySet, TrackedActionQuerySet
from tickets.models import Ticket


class Analysis(models.Model):
    """The internal analysis. Everything in it is for colleagues but `for_customers` and the actions marked so."""

    escalation = models.OneToOneField(Escalation, on_delete=models.CASCADE, related_name="analysis")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    requested_at = models.DateTimeField()
    why_asked = models.TextField(_("why it is asked for"), blank=True)
    due_at = models.DateTimeField(_("due"))
    problem = models.ForeignKey(
        Ticket, verbose_name=_("problem"), null=True, blank=True, on_delete=models.SET_NULL, related_name="analyses"
    )
    timeline = models.TextField(_("what happened, when"), blank=True)
    whys = models.JSONField(_("five whys"), default=list)
    contributing = models.TextField(_("contributing causes"), blank=True)
    findings = models.TextField(_("findings of the problem"), blank=True)
    for_customers = models.TextField(_("what customers may be told"), blank=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects: ClassVar[AnalysisQuerySet] = AnalysisQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        verbose_name_plural = _("analyses")

    def __str__(self) -> str:
        return f"Analysis of {self.escalation}"

    @property
    def actions(self) -> TrackedActionQuerySet:
        return TrackedAction.objects.filter(escalation=self.escalation_id, learned_in=LearnedIn.ANALYSIS)


class CustomerAnalysis(models.Model):
    """What one customer is given: a document of its own, composed, checked by a second person, sent (R53, R54)."""

    analysis = models.ForeignKey(Analysis, on_delete=models.CASCADE, related_name="documents")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="analyses_received")
    body = models.TextField(_("text"))
    composed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    composed_at = models.DateTimeField()
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["analysis", "person"], name="customer_analysis_once")]
        verbose_name_plural = _("customer analyses")

    def __str__(self) -> str:
        return f"{self.analysis}, for {self.person}"


class AnalysisReading(models.Model):
    """The customer has opened it: when for the first time."""

    document = models.OneToOneField(CustomerAnalysis, on_delete=models.CASCADE, related_name="reading")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.document}, read"
