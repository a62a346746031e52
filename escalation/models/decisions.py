"""What somebody with the authority has decided: an approval, or a condition set aside."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.enums import Decision
from escalation.models.escalation import Escalation


class Approval(models.Model):
    """The decision on a hierarchical escalation (R3); one, by constraint, however many press at once."""

    escalation = models.OneToOneField(Escalation, on_delete=models.CASCADE, related_name="approval")
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices)
    note = models.TextField(_("note"), blank=True)
    amount = models.CharField(_("limit"), max_length=60, blank=True)
    granted = models.DecimalField(_("sum granted"), max_digits=14, decimal_places=2, null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    resources = models.CharField(_("people or hours"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.escalation}: {self.decision}"


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
