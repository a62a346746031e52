"""What was told to whom (R35, R36)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.enums import Audience
from escalation.models.escalation import Escalation


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
