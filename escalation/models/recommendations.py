"""What is recommended to team and management, with its owner and what became of it (R30, R85)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.enums import RecommendationState, RecommendedFor
from escalation.models.escalation import Escalation


class Recommendation(models.Model):
    title = models.CharField(_("what"), max_length=200)
    why = models.TextField(_("why"))
    about = models.CharField(_("about"), max_length=8, choices=RecommendedFor.choices)
    escalation = models.ForeignKey(
        Escalation,
        verbose_name=_("learned from"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="recommendations",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    state = models.CharField(
        _("state"), max_length=8, choices=RecommendationState.choices, default=RecommendationState.OPEN
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    made_at = models.DateTimeField(_("made"), editable=False)
    settled_at = models.DateTimeField(_("settled"), null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    settled_why = models.TextField(_("why it was settled so"), blank=True, editable=False)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.title
